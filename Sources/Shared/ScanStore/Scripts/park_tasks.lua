-- Puts targets aside until a time; the next attempt may be the same (the message was never sent) or the one after.
-- KEYS: lock, scan. ARGV: epoch, holder, now, then five per item: target, phase, attempt, next attempt, not before in ms.
-- Returns one number per item: 1 parked, 0 not the target's current task.
local refused = fence()
if refused then return refused end
local count, parked = 0, {}
for i = 4, #ARGV, 5 do
    local target = ARGV[i]
    local state = task_state(KEYS[2], target, ARGV[i + 1], ARGV[i + 2])
    local ok = state == 'claimed' or state == 'queued' or state == 'started'
    if ok then
        redis.call('HSET', target_key(KEYS[2], target), 'attempt', ARGV[i + 3], 'state', 'parked', 'since', ARGV[3])
        redis.call('HDEL', target_key(KEYS[2], target), 'worker')
        redis.call('SREM', KEYS[2] .. ':in_flight', target)
        redis.call('ZADD', KEYS[2] .. ':parked', ARGV[i + 4], target)
        redis.call('HDEL', KEYS[2] .. ':running', target)
        count = count + 1
    end
    parked[#parked + 1] = ok and 1 or 0
end
if count > 0 then
    redis.call('HINCRBY', KEYS[2], 'in_flight', -count)
    redis.call('HINCRBY', KEYS[2], 'parked', count)
end
return parked
