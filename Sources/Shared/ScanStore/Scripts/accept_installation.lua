-- A person gives an installation's data up: whoever works for it goes on with what is here, or with a new installation.
-- KEYS: installation. ARGV: the id given up, id of a new installation, seed of its epochs.
-- Returns 1, or 0 where the data is here.
local id = redis.call('HGET', KEYS[1], 'id')
if id == ARGV[1] then return 0 end
if not id then redis.call('HSET', KEYS[1], 'id', ARGV[2], 'epoch', ARGV[3]) end
redis.call('HSET', KEYS[1], 'replaces:' .. ARGV[1], '1')
redis.call('PUBLISH', wake_channel, 'accepted')
return 1
