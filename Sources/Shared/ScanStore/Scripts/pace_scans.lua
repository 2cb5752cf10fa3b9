-- An API replica pauses or resumes a project's scans: of a paused scan no claim succeeds. ARGV: project, scan id ('' for
-- all of the project), '1' to pause or '0' to resume, caller, its address, id of its request. Returns the ids of the
-- active scans that it is about; none: nothing there. However often it is called, the project has one intent waiting.
local project = prefix .. 'project:' .. ARGV[1]
local ids = redis.call('SMEMBERS', project .. ':active')
if ARGV[2] ~= '' then
    ids = redis.call('SISMEMBER', project .. ':active', ARGV[2]) == 1 and { ARGV[2] } or {}
end
local changed = {}
for _, id in ipairs(ids) do
    local scan = prefix .. 'scan:' .. id
    local count
    if ARGV[3] == '1' then
        count = redis.call('HSET', scan, 'paused', '1')
    else
        count = redis.call('HDEL', scan, 'paused')
        redis.call('HDEL', scan, 'paused_because')
    end
    if count == 1 then
        changed[#changed + 1] = id
        if redis.call('HGET', scan, 'state') == 'running' then
            tell_state(ARGV[1], id, ARGV[3] == '1' and 'paused' or 'running')
        end
    end
end
if #changed > 0 then
    audit(project, ARGV[3] == '1' and 'pause' or 'resume', ARGV[4], ARGV[5], ARGV[6], changed, {})
end
if #ids > 0 then announce_pace(ARGV[1]) end
return ids
