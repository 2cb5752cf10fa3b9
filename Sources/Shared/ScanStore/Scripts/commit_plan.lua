-- KEYS: lock, scan. ARGV: epoch, holder, now, targets, names, seed, planned, answer, summary.
-- Returns 1, or 0 where the scan is past planning or was stopped.
local refused = fence()
if refused then return refused end
local fields = redis.call('HMGET', KEYS[2], 'state', 'stop', 'id')
if fields[2] or not (fields[1] == 'planning' or fields[1] == 'waiting_for_scanledger' or fields[1] == 'waiting_for_dns') then
    return 0
end
redis.call('HSET', KEYS[2], 'state', 'running', 'targets', ARGV[4], 'names', ARGV[5], 'seed', ARGV[6],
    'planned', ARGV[7], 'answer', ARGV[8], 'summary', ARGV[9], 'cursor', 0)
redis.call('HDEL', KEYS[2], 'detail')
end_scan_if_settled(KEYS[2], ARGV[3])
redis.call('PUBLISH', notify_channel, 'planned ' .. fields[3])
return 1
