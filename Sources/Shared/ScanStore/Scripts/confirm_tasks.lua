-- The broker has the messages. KEYS: lock, scan. ARGV: epoch, holder, now, then three per item: target, phase, attempt.
local refused = fence()
if refused then return refused end
local confirmed = 0
for i = 4, #ARGV, 3 do
    if task_state(KEYS[2], ARGV[i], ARGV[i + 1], ARGV[i + 2]) == 'claimed' then
        redis.call('HSET', target_key(KEYS[2], ARGV[i]), 'state', 'queued', 'since', ARGV[3])
        confirmed = confirmed + 1
    end
end
return confirmed
