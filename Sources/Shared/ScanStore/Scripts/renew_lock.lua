-- KEYS: lock. ARGV: epoch, holder. Returns the renewal counter.
local refused = fence()
if refused then return refused end
return redis.call('HINCRBY', KEYS[1], 'renewals', 1)
