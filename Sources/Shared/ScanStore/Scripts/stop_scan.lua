-- Gives up everything of a scan that has no result yet. What is being imported stays; what is between the phases stays
-- too, as ready, where the caller imports what the first phase found ('keep'), and is given up otherwise ('drop').
-- May be repeated, after a failover or by a second stop.
-- KEYS: lock, scan. ARGV: epoch, holder, now, 'keep' or 'drop', exception kept for a dropped in-between target.
-- Returns: number given up by stops in all, then all tasks that may be
-- with the broker or with workers, as 'target phase attempt' each, an empty string, then
-- those to import in the same form.
local refused = fence()
if refused then return refused end
local fields = redis.call('HMGET', KEYS[2], 'state', 'planned', 'in_flight', 'parked', 'done', 'done_partial', 'failed',
    'cancelled', 'id', 'project')
local state = fields[1]
local ended = not state or is_ended(state)
local function answer(cancelled, kept)
    local result = { cancelled }
    for _, text in ipairs(redis.call('SMEMBERS', KEYS[2] .. ':revoked')) do result[#result + 1] = text end
    result[#result + 1] = ''
    for _, text in ipairs(kept) do result[#result + 1] = text end
    return result
end
if ended then return answer(tonumber(fields[8]) or 0, {}) end
redis.call('HSET', KEYS[2], 'stop', '1', 'state', 'stopping')
redis.call('HDEL', KEYS[2], 'detail')
if state ~= 'stopping' then tell_state(fields[10], fields[9], 'stopping') end
if not fields[2] then
    redis.call('HSET', KEYS[2], 'planned', 0)
    fields[2] = 0
end
local planned = tonumber(fields[2])
local pending = planned
for i = 3, 8 do pending = pending - (tonumber(fields[i]) or 0) end
local given_up, kept = pending, {}
local in_flight_change, parked_change = 0, 0

local function give_up(target)
    redis.call('DEL', target_key(KEYS[2], target))
    redis.call('HDEL', KEYS[2] .. ':running', target)
    given_up = given_up + 1
end

-- A worker that fell silent, or an earlier leader, may still have a message of an earlier attempt.
local function revoke(target, task)
    local function add(phase, attempts)
        for attempt = 1, tonumber(attempts) or 0 do
            redis.call('SADD', KEYS[2] .. ':revoked', target .. ' ' .. phase .. ' ' .. attempt)
        end
    end
    if task[3] == 'ready' then add('open_ports', task[5]) else add(task[1], task[2]) end
    if task[1] == 'services' then add('open_ports', task[5]) end
end

-- The mark tells a later stop that nobody else will bring this target to its end.
local function keep(target)
    redis.call('HSET', target_key(KEYS[2], target), 'state', 'ready', 'since', ARGV[3], 'kept', '1')
    redis.call('HDEL', KEYS[2] .. ':running', target)
end

for _, target in ipairs(redis.call('SMEMBERS', KEYS[2] .. ':in_flight')) do
    local task = redis.call('HMGET', target_key(KEYS[2], target), 'phase', 'attempt', 'state', 'kept', 'open_ports_attempts')
    local text = target .. ' ' .. (task[1] or '') .. ' ' .. (task[2] or '')
    if not task[1] then
        give_up(target)
        redis.call('SREM', KEYS[2] .. ':in_flight', target)
        in_flight_change = in_flight_change - 1
    elseif task[4] then
        kept[#kept + 1] = text
    elseif task[3] ~= 'finishing' then
        revoke(target, task)
        if task[1] == 'services' and ARGV[4] == 'keep' then
            keep(target)
            kept[#kept + 1] = text
        else
            if task[1] == 'services' then keep_exception(KEYS[2], target, ARGV[5]) end
            give_up(target)
            redis.call('SREM', KEYS[2] .. ':in_flight', target)
            in_flight_change = in_flight_change - 1
        end
    end
end
for _, target in ipairs(redis.call('ZRANGE', KEYS[2] .. ':parked', 0, -1)) do
    local task = redis.call('HMGET', target_key(KEYS[2], target), 'phase', 'attempt', 'state', 'kept',
        'open_ports_attempts')
    revoke(target, task)
    if task[1] == 'services' and ARGV[4] == 'keep' then
        keep(target)
        redis.call('SADD', KEYS[2] .. ':in_flight', target)
        in_flight_change = in_flight_change + 1
        kept[#kept + 1] = target .. ' ' .. task[1] .. ' ' .. task[2]
    else
        if task[1] == 'services' then keep_exception(KEYS[2], target, ARGV[5]) end
        give_up(target)
    end
    parked_change = parked_change - 1
end
redis.call('DEL', KEYS[2] .. ':parked')
local cancelled = redis.call('HINCRBY', KEYS[2], 'cancelled', given_up)
if in_flight_change ~= 0 then redis.call('HINCRBY', KEYS[2], 'in_flight', in_flight_change) end
if parked_change ~= 0 then redis.call('HINCRBY', KEYS[2], 'parked', parked_change) end
redis.call('HSET', KEYS[2], 'cursor', planned)
redis.call('EXPIRE', KEYS[2] .. ':revoked', tombstone_seconds)
redis.call('ZADD', prefix .. 'scans:revoked', ARGV[3], fields[9])
redis.call('ZREMRANGEBYSCORE', prefix .. 'scans:revoked', '-inf',
    '(' .. string.format('%.0f', tonumber(ARGV[3]) - 1000 * tombstone_seconds))
end_scan_if_settled(KEYS[2], ARGV[3])
return answer(cancelled, kept)
