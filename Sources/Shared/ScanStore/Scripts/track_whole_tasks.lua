-- Notes where whole tasks are, which the broker hands out again where a worker is lost: with a worker, or in the queue.
-- KEYS: lock, scan. ARGV: epoch, holder, now, then six per item: target, phase, attempt, task id, worker and running
-- target, both '' for a task in the queue. Returns one number per item: 1 noted, 0 not the target's current task.
local refused = fence()
if refused then return refused end
local noted = {}
for i = 4, #ARGV, 6 do
    local key, running = target_key(KEYS[2], ARGV[i]), KEYS[2] .. ':running'
    local state = task_state(KEYS[2], ARGV[i], ARGV[i + 1], ARGV[i + 2])
    local ok = state == 'claimed' or state == 'queued' or state == 'started'
    if ok and ARGV[i + 4] ~= '' then
        redis.call('HSET', key, 'state', 'started', 'since', ARGV[3], 'worker', ARGV[i + 4])
        redis.call('HSET', running, ARGV[i], ARGV[i + 5])
        local metadata = 'task:' .. ARGV[i + 3] .. ':metadata:nmap'
        if redis.call('EXISTS', metadata) == 1 then redis.call('HSET', metadata, 'host', ARGV[i + 4]) end
    elseif ok then
        redis.call('HSET', key, 'state', 'queued', 'since', ARGV[3])
        redis.call('HDEL', key, 'worker')
        redis.call('HDEL', running, ARGV[i])
    end
    noted[#noted + 1] = ok and 1 or 0
end
return noted
