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

-- Ends a scan: it leaves the active sets, and its keys get a bounded life.
local function end_scan(scan, state, now)
    local fields = redis.call('HMGET', scan, 'id', 'project', 'planned')
    redis.call('HSET', scan, 'state', state, 'ended_at', now)
    redis.call('HDEL', scan, 'detail')
    redis.call('ZREM', prefix .. 'scans:active', fields[1])
    redis.call('SREM', prefix .. 'project:' .. fields[2] .. ':active', fields[1])
    redis.call('DEL', scan .. ':in_flight', scan .. ':parked', scan .. ':running')
    expire_scan(scan, tonumber(fields[3]) or 0, state == 'dry_run' and dry_run_retention_seconds or retention_seconds)
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
