-- KEYS: lock, scan. ARGV: epoch, holder, now, targets, names, seed, planned, answer, summary, refusals, '1' for a dry run.
-- Returns 1, or 0 where the scan is past planning or was stopped.
local refused = fence()
if refused then return refused end
local fields = redis.call('HMGET', KEYS[2], 'state', 'stop', 'id', 'project', 'paused')
if fields[2] or not (fields[1] == 'planning' or fields[1] == 'waiting_for_scanledger' or fields[1] == 'waiting_for_dns') then
    return 0
end
redis.call('HSET', KEYS[2], 'state', 'running', 'targets', ARGV[4], 'names', ARGV[5], 'seed', ARGV[6],
    'planned', ARGV[7], 'answer', ARGV[8], 'summary', ARGV[9], 'cursor', 0)
redis.call('SET', KEYS[2] .. ':refusals', ARGV[10])
redis.call('HDEL', KEYS[2], 'detail')
if ARGV[11] == '1' then
    end_scan(KEYS[2], 'dry_run', ARGV[3])
else
    tell_state(fields[4], fields[3], fields[5] and 'paused' or 'running')
    end_scan_if_settled(KEYS[2], ARGV[3])
end
redis.call('PUBLISH', notify_channel, 'planned ' .. fields[3])
return 1
