-- Workers are alive. `worker:{host}` is the key that existing workers share.
-- KEYS: lock. ARGV: epoch, holder, now in s, then three per worker: host, ip ('' where it is not known), what it does.
local refused = fence()
if refused then return refused end
local hosts = prefix .. 'workers'
for i = 4, #ARGV, 3 do
    local key = 'worker:' .. ARGV[i]
    redis.call('HSET', key, 'last_seen', ARGV[3])
    if ARGV[i + 1] ~= '' then
        redis.call('HSET', key, 'ip', ARGV[i + 1], 'last_updated', ARGV[3])
    else
        redis.call('HSETNX', key, 'ip', 'unknown')
    end
    redis.call('EXPIRE', key, 90)
    redis.call('SET', prefix .. 'worker:' .. ARGV[i], ARGV[i + 2], 'EX', 90)
    redis.call('ZADD', hosts, ARGV[3], ARGV[i])
end
redis.call('ZREMRANGEBYSCORE', hosts, '-inf', '(' .. string.format('%.0f', tonumber(ARGV[3]) - 90))
redis.call('EXPIRE', hosts, 90)
return 1
