-- Takes targets in flight, or on to their next task, before their messages are published; puts those aside that have no
-- room in their network.
-- KEYS: lock, scan. ARGV: epoch, holder, now, cursor before, cursor after, user and ports of whole tasks ('' both where the
-- coordinator chains), then four per item: source (fresh, ready, parked, or passed_over for a fresh one that is parked at
-- once), target, phase, attempt; of whole tasks two more: task id, address. Returns one number per item: 1 claimed or parked,
-- 0 not as expected; nothing at all where the scan was stopped or paused or the cursor is not where the caller thinks.
local refused = fence()
if refused then return refused end
local fields = redis.call('HMGET', KEYS[2], 'state', 'stop', 'cursor', 'paused', 'project')
if fields[2] or fields[4] or fields[1] ~= 'running' or fields[3] ~= ARGV[4] then return {} end
local user, ports = ARGV[6], ARGV[7]

-- The keys that existing workers expect of a task and remove when it ends.
local function keys_of(task, ip)
    local project = 'project:' .. fields[5]
    local sets = { project .. ':task_ids', 'user:' .. user .. ':task_ids', project .. ':ip:' .. ip .. ':task_ids' }
    return sets, 'task:' .. task .. ':metadata:nmap', 'lock:' .. project .. ':ip:' .. ip .. ':ports:' .. ports
end

local function announce(task, ip)
    local sets, metadata, lock = keys_of(task, ip)
    for _, set in ipairs(sets) do
        redis.call('SADD', set, task)
        redis.call('EXPIRE', set, worker_keys_seconds)
    end
    redis.call('HSET', metadata, 'ip', ip, 'ports', ports, 'project', fields[5], 'user', user)
    redis.call('EXPIRE', metadata, worker_keys_seconds)
    redis.call('SET', lock, '1', 'NX', 'EX', worker_keys_seconds)
end

-- A script is not undone where Redis' ACL refuses a key of it half-way: that shows here, before the first write.
if user ~= '' and #ARGV > 8 then
    local sets, metadata, lock = keys_of(ARGV[12], ARGV[13])
    for _, key in ipairs({ sets[1], sets[2], sets[3], metadata, lock }) do
        redis.call('EXPIRE', key, worker_keys_seconds, 'LT')
    end
end
if ARGV[5] ~= ARGV[4] then redis.call('HSET', KEYS[2], 'cursor', ARGV[5]) end
local in_flight = KEYS[2] .. ':in_flight'
local parked = KEYS[2] .. ':parked'
local fresh, unparked, passed_over, claimed = 0, 0, 0, {}
for i = 8, #ARGV, user == '' and 4 or 6 do
    local source, target, phase, attempt = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]
    local key = target_key(KEYS[2], target)
    local ok = false
    if source == 'fresh' or source == 'passed_over' then
        ok = redis.call('EXISTS', key) == 0
        if ok and source == 'fresh' then
            redis.call('HSET', key, 'phase', phase, 'attempt', attempt)
            redis.call('SADD', in_flight, target)
            fresh = fresh + 1
        elseif ok then
            redis.call('HSET', key, 'phase', phase, 'attempt', attempt, 'state', 'parked', 'since', ARGV[3])
            redis.call('ZADD', parked, 0, target)
            passed_over = passed_over + 1
        end
    else
        local state = task_state(KEYS[2], target, phase, attempt)
        if source == 'ready' then
            ok = state == 'ready'
        elseif source == 'parked' and state == 'parked' then
            ok = redis.call('ZREM', parked, target) == 1
            if ok then
                redis.call('SADD', in_flight, target)
                unparked = unparked + 1
            end
        end
    end
    if ok and source ~= 'passed_over' then
        redis.call('HSET', key, 'state', 'claimed', 'since', ARGV[3])
        if user ~= '' then announce(ARGV[i + 4], ARGV[i + 5]) end
    end
    claimed[#claimed + 1] = ok and 1 or 0
end
if fresh + unparked > 0 then redis.call('HINCRBY', KEYS[2], 'in_flight', fresh + unparked) end
if passed_over - unparked ~= 0 then redis.call('HINCRBY', KEYS[2], 'parked', passed_over - unparked) end
return claimed
