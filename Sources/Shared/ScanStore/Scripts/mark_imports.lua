-- Marks targets whose import into ScanLedger is about to be tried, so that a crash before the outcome is known shows.
-- KEYS: lock, scan. ARGV: epoch, holder, now, then three per item: target, phase, attempt.
-- Returns one number per item: 1 marked, 2 was marked already (the import may have happened), 0 stale.
local refused = fence()
if refused then return refused end
local marked = {}
for i = 4, #ARGV, 3 do
    local state = task_state(KEYS[2], ARGV[i], ARGV[i + 1], ARGV[i + 2])
    if state == 'finishing' then
        marked[#marked + 1] = 2
    elseif state == 'claimed' or state == 'queued' or state == 'started' or state == 'ready' then
        redis.call('HSET', target_key(KEYS[2], ARGV[i]), 'state', 'finishing', 'since', ARGV[3])
        redis.call('HDEL', KEYS[2] .. ':running', ARGV[i])
        marked[#marked + 1] = 1
    else
        marked[#marked + 1] = 0
    end
end
return marked
