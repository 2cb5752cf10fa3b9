-- Settles, once for all, who chains a scan's phases. KEYS: lock, scan. ARGV: epoch, holder, now, 'coordinator' or 'worker'.
-- Returns what holds: the given one, or the one that was decided before; nil where there is no such scan.
local refused = fence()
if refused then return refused end
if redis.call('EXISTS', KEYS[2]) == 0 then return false end
redis.call('HSETNX', KEYS[2], 'chaining', ARGV[4])
return redis.call('HGET', KEYS[2], 'chaining')
