-- KEYS: lock. ARGV: epoch, holder, receipt id, receipt, project.
local refused = fence()
if refused then return refused end
redis.call('SET', prefix .. 'receipt:' .. ARGV[3], ARGV[4], 'EX', 3600)
redis.call('SREM', prefix .. 'project:' .. ARGV[5] .. ':stops', ARGV[3])
redis.call('PUBLISH', notify_channel, 'receipt ' .. ARGV[3])
return 1
