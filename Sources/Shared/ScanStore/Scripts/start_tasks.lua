-- Workers reported starts. KEYS: lock, scan. ARGV: epoch, holder, now, then five per item: target, phase, attempt, worker,
-- running target. Returns one number per item: 1 noted, 0 not the target's current task.
local refused = fence()
if refused then return refused end
local noted = {}
for i = 4, #ARGV, 5 do
    local state = task_state(KEYS[2], ARGV[i], ARGV[i + 1], ARGV[i + 2])
    local ok = state == 'claimed' or state == 'queued'
    if ok then
        redis.call('HSET', target_key(KEYS[2], ARGV[i]), 'state', 'started', 'since', ARGV[3], 'worker', ARGV[i + 3])
        redis.call('HSET', KEYS[2] .. ':running', ARGV[i], ARGV[i + 4])
    end
    noted[#noted + 1] = ok and 1 or 0
end
return noted
