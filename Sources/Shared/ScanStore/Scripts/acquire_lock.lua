-- A standby takes the lock if nothing moved since it looked.
-- KEYS: lock, installation. ARGV: holder, epoch seen, renewals seen (both '' where there was no record), the highest epoch
-- that the caller ever saw, id of a new installation, seed of its epochs.
-- Returns 1, epoch, installation id; or 0 and the record as it is.
local lock = redis.call('HMGET', KEYS[1], 'epoch', 'renewals', 'holder')
if (lock[1] or '') ~= ARGV[2] or (lock[2] or '') ~= ARGV[3] then
    return { 0, lock[1] or '', lock[2] or '', lock[3] or '' }
end
local installation = redis.call('HMGET', KEYS[2], 'id', 'epoch')
if not installation[1] then
    redis.call('HSET', KEYS[2], 'id', ARGV[5], 'epoch', ARGV[6])
    installation = { ARGV[5], ARGV[6] }
end
local epoch = math.max(tonumber(lock[1] or '0'), tonumber(installation[2]), tonumber(ARGV[4])) + 1
local epoch_text = string.format('%.0f', epoch)
redis.call('HSET', KEYS[1], 'holder', ARGV[1], 'epoch', epoch_text)
redis.call('HINCRBY', KEYS[1], 'renewals', 1)
redis.call('HSET', KEYS[2], 'epoch', epoch_text)
return { 1, epoch_text, installation[1] }
