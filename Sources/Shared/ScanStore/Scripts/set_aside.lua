-- Keeps a note of a result that was not used. KEYS: lock. ARGV: epoch, holder, project, note.
local refused = fence()
if refused then return refused end
local list = prefix .. 'project:' .. ARGV[3] .. ':set_aside'
redis.call('LPUSH', list, ARGV[4])
redis.call('LTRIM', list, 0, 999)
redis.call('EXPIRE', list, retention_seconds)
return 1
