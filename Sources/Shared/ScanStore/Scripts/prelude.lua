-- Prepended to every script. Scripts derive the keys of a scan from its id, so Redis Cluster is not supported.
local prefix = 'tasker:'
-- The last argument of every script: the installation that the caller works for, '' where it has seen none.
local expected_installation = table.remove(ARGV)
local notify_channel = prefix .. 'notify'
local wake_channel = prefix .. 'wake'
local retention_seconds = 604800
local dry_run_retention_seconds = 3600
local outcomes_per_chunk = 65536
local exceptions_kept = 10000
local quarantined_reports = 256
local quarantined_bytes = 16777216
local most_open_stops = 8
local idempotency_seconds = 86400
local tombstone_seconds = 86400
local audit_entries = 10000
local audit_seconds = 7776000
local audited_scans = 32
local worker_keys_seconds = 604800
local events_kept = 2000
local events_seconds = 86400

-- Refuses a caller whose term is over. KEYS[1] is the lock record, ARGV[1] the caller's epoch, ARGV[2] its name.
local function fence()
    local lock = redis.call('HMGET', KEYS[1], 'epoch', 'holder')
    if lock[1] ~= ARGV[1] or lock[2] ~= ARGV[2] then
        return redis.error_reply('FENCED epoch ' .. ARGV[1] .. ' is over')
    end
    return nil
end

-- Notes what was done to scans of a project, and by whom. `more` are further fields and values.
local function audit(project, action, caller, address, request, scans, more)
    local entry = { 'action', action, 'caller', caller, 'address', address, 'request', request, 'count', #scans,
        'scans', table.concat(scans, ' ', 1, math.min(#scans, audited_scans)), unpack(more) }
    redis.call('XADD', project .. ':audit', 'MAXLEN', audit_entries, '*', unpack(entry))
    redis.call('EXPIRE', project .. ':audit', audit_seconds)
end

local function target_key(scan, target)
    return scan .. ':target:' .. target
end

-- The state of a target's current task if it is the given phase and attempt, else nil.
local function task_state(scan, target, phase, attempt)
    local task = redis.call('HMGET', target_key(scan, target), 'phase', 'attempt', 'state')
    if task[1] == phase and task[2] == attempt then return task[3] end
    return nil
end

local function is_ended(state)
    return state == 'completed' or state == 'stopped' or state == 'failed' or state == 'dry_run'
end

local function expire_scan(scan, planned, seconds)
    redis.call('EXPIRE', scan, seconds)
    redis.call('EXPIRE', scan .. ':exceptions', seconds)
    redis.call('EXPIRE', scan .. ':refusals', seconds)
    for chunk = 0, math.floor(planned / outcomes_per_chunk) do
        redis.call('EXPIRE', scan .. ':outcomes:' .. chunk, seconds)
    end
end

-- Tells those who watch a project of what the same script has written. `data` is a JSON object.
local function tell(project, event, data)
    local events = prefix .. 'project:' .. project .. ':events'
    redis.call('XADD', events, 'MAXLEN', events_kept, '*', 'event', event, 'data', data)
    redis.call('EXPIRE', events, events_seconds)
end

local function tell_state(project, id, state, detail)
    local text = detail and detail ~= '' and cjson.encode(detail) or 'null'
    tell(project, 'scan', '{"scan_id":"' .. id .. '","state":"' .. state .. '","detail":' .. text .. '}')
end

-- Where a scan stands, as a JSON object; nil without a plan.
local function progress(scan)
    local fields = redis.call('HMGET', scan, 'id', 'state', 'paused', 'eta', 'planned', 'in_flight', 'parked', 'done',
        'done_partial', 'failed', 'cancelled', 'open_ports_finished', 'services_targets', 'services_finished')
    if not fields[5] then return nil end
    local state = fields[2] == 'running' and fields[3] and 'paused' or fields[2]
    local counts = {}
    for i = 5, 14 do counts[i] = tonumber(fields[i]) or 0 end
    local pending = counts[5]
    for i = 6, 11 do pending = pending - counts[i] end
    return string.format('{"scan_id":"%s","state":"%s","planned":%d,"pending":%d,"in_flight":%d,"parked":%d,"done":%d,'
        .. '"done_partial":%d,"failed":%d,"cancelled":%d,"running":%d,"phases":{"open_ports":{"targets":%d,"finished":%d},'
        .. '"services":{"targets":%d,"finished":%d}},"eta_seconds":%s}', fields[1], state, counts[5], pending, counts[6],
        counts[7], counts[8], counts[9], counts[10], counts[11], redis.call('HLEN', scan .. ':running'), counts[5],
        counts[12], counts[13], counts[14], state == 'running' and fields[4] or 'null')
end

local function tell_progress(project, scans)
    tell(project, 'progress', '{"scans":[' .. table.concat(scans, ',') .. ']}')
end

-- Tells of the phases that every target which comes to them is through with, of each once and in their order.
local function tell_phases(scan)
    local fields = redis.call('HMGET', scan, 'id', 'project', 'planned', 'open_ports_finished', 'services_targets',
        'services_finished', 'phases_told')
    local told = tonumber(fields[7]) or 0
    local function tell_of(phase, targets, finished)
        targets, finished = tonumber(targets) or 0, tonumber(finished) or 0
        if targets == 0 or finished < targets then return end
        tell(fields[2], 'phase', string.format('{"scan_id":"%s","phase":"%s","finished":%d}', fields[1], phase, finished))
        told = redis.call('HINCRBY', scan, 'phases_told', 1)
    end
    if told == 0 then tell_of('open_ports', fields[3], fields[4]) end
    if told == 1 then tell_of('services', fields[5], fields[6]) end
end

-- Ends a scan: it leaves the active sets, and its keys get a bounded life. `detail` says why it failed.
local function end_scan(scan, state, now, detail)
    local fields = redis.call('HMGET', scan, 'id', 'project', 'planned')
    redis.call('HSET', scan, 'state', state, 'ended_at', now)
    redis.call('HDEL', scan, 'detail')
    if detail then redis.call('HSET', scan, 'detail', detail) end
    redis.call('ZREM', prefix .. 'scans:active', fields[1])
    redis.call('SREM', prefix .. 'project:' .. fields[2] .. ':active', fields[1])
    redis.call('DEL', scan .. ':in_flight', scan .. ':parked', scan .. ':running')
    expire_scan(scan, tonumber(fields[3]) or 0, state == 'dry_run' and dry_run_retention_seconds or retention_seconds)
    local last = progress(scan)
    if last then tell_progress(fields[2], { last }) end
    tell_state(fields[2], fields[1], state, detail)
    redis.call('PUBLISH', notify_channel, 'ended ' .. fields[1])
end

-- Ends a scan whose last target has its outcome. Returns whether it did.
local function end_scan_if_settled(scan, now)
    local fields = redis.call('HMGET', scan, 'planned', 'done', 'done_partial', 'failed', 'cancelled', 'state')
    local settled = (tonumber(fields[2]) or 0) + (tonumber(fields[3]) or 0) + (tonumber(fields[4]) or 0)
        + (tonumber(fields[5]) or 0)
    if settled < tonumber(fields[1]) then return false end
    if fields[6] == 'running' then
        end_scan(scan, 'completed', now)
    elseif fields[6] == 'stopping' then
        end_scan(scan, 'stopped', now)
    end
    return true
end

-- Has the leader look which of a project's scans are paused. However often it is called, one intent waits.
local function announce_pace(project)
    if redis.call('SET', prefix .. 'project:' .. project .. ':pacing', '1', 'NX', 'EX', 60) then
        redis.call('XADD', prefix .. 'intents', '*', 'kind', 'pace', 'project', project)
    end
    redis.call('PUBLISH', wake_channel, 'intent')
end

local function keep_exception(scan, target, text)
    if redis.call('HLEN', scan .. ':exceptions') < exceptions_kept then
        redis.call('HSET', scan .. ':exceptions', target, text)
    end
end
