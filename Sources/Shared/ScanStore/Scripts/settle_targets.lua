-- Writes outcomes, in the one place where that happens.
-- KEYS: lock, scan. ARGV: epoch, holder, now, '1' where targets whose import is under way may be among them, then five per
-- item: target, phase, attempt, outcome (1 done, 2 done_partial, 3 failed), and the exception to keep ('' for none).
-- Returns one number per item: 1 written, 0 stale.
local refused = fence()
if refused then return refused end
local names = { 'done', 'done_partial', 'failed' }
local counts, settled, phases, written = { 0, 0, 0 }, {}, { open_ports = 0, services = 0 }, 0
for i = 5, #ARGV, 5 do
    local target, phase, outcome = ARGV[i], ARGV[i + 1], tonumber(ARGV[i + 3])
    local state = task_state(KEYS[2], target, phase, ARGV[i + 2])
    local ok = state and state ~= 'parked' and (state ~= 'finishing' or ARGV[4] == '1') or false
    if ok then
        local index = tonumber(target)
        redis.call('BITFIELD', KEYS[2] .. ':outcomes:' .. math.floor(index / outcomes_per_chunk), 'SET', 'u2',
            '#' .. (index % outcomes_per_chunk), outcome)
        redis.call('DEL', target_key(KEYS[2], target))
        redis.call('SREM', KEYS[2] .. ':in_flight', target)
        redis.call('HDEL', KEYS[2] .. ':running', target)
        if ARGV[i + 4] ~= '' then keep_exception(KEYS[2], target, ARGV[i + 4]) end
        counts[outcome] = counts[outcome] + 1
        phases[phase] = phases[phase] + 1
        written = written + 1
    end
    settled[#settled + 1] = ok and 1 or 0
end
if written > 0 then
    for outcome, count in ipairs(counts) do
        if count > 0 then redis.call('HINCRBY', KEYS[2], names[outcome], count) end
    end
    for phase, count in pairs(phases) do
        if count > 0 then redis.call('HINCRBY', KEYS[2], phase .. '_finished', count) end
    end
    redis.call('HINCRBY', KEYS[2], 'in_flight', -written)
    end_scan_if_settled(KEYS[2], ARGV[3])
end
return settled
