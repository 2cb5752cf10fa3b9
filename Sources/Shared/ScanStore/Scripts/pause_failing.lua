-- The leader pauses a scan and says why. What a pause of a user's leads to is the same: one intent.
-- KEYS: lock, scan. ARGV: epoch, holder, now, text. Returns 1, or 0 where it does not run or is paused already.
local refused = fence()
if refused then return refused end
local fields = redis.call('HMGET', KEYS[2], 'state', 'stop', 'paused', 'project', 'id')
if fields[1] ~= 'running' or fields[2] or fields[3] then return 0 end
redis.call('HSET', KEYS[2], 'paused', '1', 'paused_because', ARGV[4])
tell_state(fields[4], fields[5], 'paused', ARGV[4])
announce_pace(fields[4])
return 1
