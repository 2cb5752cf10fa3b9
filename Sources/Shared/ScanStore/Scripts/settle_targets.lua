-- Writes outcomes, in the one place where that happens.
-- KEYS: lock, scan. ARGV: epoch, holder, now, '1' where targets whose import is under way may be among them, then eight per
-- item: target, phase, attempt, outcome (1 done, 2 done_partial, 3 failed), the exception to keep ('' for none), for a
-- report that ScanLedger refuses a note on it ('' for none) and the report, deflated ('' where it is too large to be kept),
-- and what to tell of findings that ScanLedger has ('' for nothing).
-- Returns one number per item: 1 written, 0 stale.
local refused = fence()
if refused then return refused end
local names = { 'done', 'done_partial', 'failed' }
local counts, settled, phases, written, found = { 0, 0, 0 }, {}, { open_ports = 0, services = 0 }, 0, {}

-- The quarantine of a project is bounded in number, in bytes and in time; the oldest go first.
local function quarantine(note, report)
    local notes = prefix .. 'project:' .. redis.call('HGET', KEYS[2], 'project') .. ':quarantine'
    local reports = notes .. ':reports'
    redis.call('HSET', reports, redis.call('XADD', notes, '*', 'note', note), report)
    local oldest = tonumber(ARGV[3]) - 1000 * retention_seconds
    local bytes, entries = 0, redis.call('XREVRANGE', notes, '+', '-')
    for position, entry in ipairs(entries) do
        bytes = bytes + redis.call('HSTRLEN', reports, entry[1])
        if position > quarantined_reports or bytes > quarantined_bytes
            or tonumber(string.match(entry[1], '^%d+')) < oldest then
            redis.call('XDEL', notes, entry[1])
            redis.call('HDEL', reports, entry[1])
        end
    end
    redis.call('EXPIRE', notes, retention_seconds)
    redis.call('EXPIRE', reports, retention_seconds)
end

for i = 5, #ARGV, 8 do
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
        if ARGV[i + 5] ~= '' then quarantine(ARGV[i + 5], ARGV[i + 6]) end
        if ARGV[i + 7] ~= '' then found[#found + 1] = ARGV[i + 7] end
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
    if #found > 0 then
        local scan = redis.call('HMGET', KEYS[2], 'project', 'id')
        tell(scan[1], 'found', '{"scan_id":"' .. scan[2] .. '","targets":[' .. table.concat(found, ',') .. ']}')
    end
    tell_phases(KEYS[2])
    end_scan_if_settled(KEYS[2], ARGV[3])
end
return settled
