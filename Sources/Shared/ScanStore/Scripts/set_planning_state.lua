-- Says why planning waits (an empty detail: that it goes on), or how it ended without a plan. KEYS: lock, scan. ARGV: epoch, holder, now, state, detail.
-- Returns 1, or 0 where the scan is past planning or was stopped.
local refused = fence()
if refused then return refused end
local fields = redis.call('HMGET', KEYS[2], 'state', 'stop', 'detail', 'id', 'project')
if fields[2] or not (fields[1] == 'planning' or fields[1] == 'waiting_for_scanledger' or fields[1] == 'waiting_for_dns') then
    return 0
end
if ARGV[4] == 'failed' then
    redis.call('HSET', KEYS[2], 'planned', 0)
    end_scan(KEYS[2], 'failed', ARGV[3], ARGV[5])
    return 1
end
redis.call('HSET', KEYS[2], 'state', ARGV[4])
if ARGV[5] == '' then
    redis.call('HDEL', KEYS[2], 'detail')
else
    redis.call('HSET', KEYS[2], 'detail', ARGV[5])
end
if fields[1] ~= ARGV[4] or (fields[3] or '') ~= ARGV[5] then tell_state(fields[5], fields[4], ARGV[4], ARGV[5]) end
return 1
