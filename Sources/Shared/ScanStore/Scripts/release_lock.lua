-- Gives the lock up and wakes the standbys. KEYS: lock. ARGV: epoch, holder.
local refused = fence()
if refused then return refused end
redis.call('HSET', KEYS[1], 'holder', '')
redis.call('HINCRBY', KEYS[1], 'renewals', 1)
redis.call('PUBLISH', wake_channel, 'released')
return 1
