-- The open-ports phase of a target is done, and open ports were found: keeps its host element for the merge.
-- KEYS: lock, scan. ARGV: epoch, holder, now, target, attempt, host element. Returns 1, or 0 for a stale result.
local refused = fence()
if refused then return refused end
local state = task_state(KEYS[2], ARGV[4], 'open_ports', ARGV[5])
if state ~= 'claimed' and state ~= 'queued' and state ~= 'started' then return 0 end
redis.call('HSET', target_key(KEYS[2], ARGV[4]), 'phase', 'services', 'attempt', '1', 'state', 'ready', 'since', ARGV[3],
    'host', ARGV[6], 'open_ports_attempts', ARGV[5])
redis.call('HDEL', target_key(KEYS[2], ARGV[4]), 'worker')
redis.call('HDEL', KEYS[2] .. ':running', ARGV[4])
redis.call('HINCRBY', KEYS[2], 'open_ports_finished', 1)
redis.call('HINCRBY', KEYS[2], 'services_targets', 1)
tell_phases(KEYS[2])
return 1
