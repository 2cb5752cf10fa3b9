-- An API replica accepts a scan: the scan's record, its place in the project, and the intent, all or nothing.
-- KEYS: none but derived. ARGV: scan id, project, request, now in ms, caller, most active scans of a project.
local scan = prefix .. 'scan:' .. ARGV[1]
local project = prefix .. 'project:' .. ARGV[2]
if redis.call('SCARD', project .. ':active') >= tonumber(ARGV[6]) then
    return redis.error_reply('LIMIT the project has ' .. ARGV[6] .. ' active scans')
end
if redis.call('EXISTS', scan) == 1 then
    return redis.error_reply('EXISTS the scan is there already')
end
redis.call('HSET', scan, 'id', ARGV[1], 'project', ARGV[2], 'request', ARGV[3], 'created_at', ARGV[4],
    'caller', ARGV[5], 'state', 'planning')
redis.call('ZADD', prefix .. 'scans:active', ARGV[4], ARGV[1])
redis.call('SADD', project .. ':active', ARGV[1])
redis.call('ZADD', project .. ':scans', ARGV[4], ARGV[1])
redis.call('ZREMRANGEBYRANK', project .. ':scans', 0, -1001)
redis.call('EXPIRE', project .. ':scans', retention_seconds)
redis.call('XADD', prefix .. 'intents', '*', 'kind', 'start', 'scan', ARGV[1], 'project', ARGV[2])
redis.call('PUBLISH', wake_channel, 'intent')
return 1
