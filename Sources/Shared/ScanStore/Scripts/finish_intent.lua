-- The leader has carried an intent out. KEYS: lock. ARGV: epoch, holder, entry id.
local refused = fence()
if refused then return refused end
return redis.call('XDEL', prefix .. 'intents', ARGV[3])
