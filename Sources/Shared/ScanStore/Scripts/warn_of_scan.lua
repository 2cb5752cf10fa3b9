-- Keeps a warning that is shown while the scan goes on. KEYS: lock, scan. ARGV: epoch, holder, now, text.
local refused = fence()
if refused then return refused end
local state = redis.call('HGET', KEYS[2], 'state')
if not state or is_ended(state) then return 0 end
redis.call('HSET', KEYS[2], 'warning', ARGV[4])
return 1
