-- What a stop leaves unconfirmed. KEYS: lock. ARGV: epoch, holder, project, number of ids that earlier stops left and this
-- one has looked for again, those ids, then id and record of each task that is open now.
local refused = fence()
if refused then return refused end
local key = prefix .. 'project:' .. ARGV[3] .. ':unconfirmed'
local first = 5 + tonumber(ARGV[4])
for i = 5, first - 1 do redis.call('HDEL', key, ARGV[i]) end
for i = first, #ARGV, 2 do redis.call('HSET', key, ARGV[i], ARGV[i + 1]) end
local projects = prefix .. 'projects:unconfirmed'
if redis.call('EXPIRE', key, tombstone_seconds) == 1 then
    redis.call('SADD', projects, ARGV[3])
    redis.call('EXPIRE', projects, tombstone_seconds)
else
    redis.call('SREM', projects, ARGV[3])
end
return 1
