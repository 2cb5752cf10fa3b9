-- An API replica pauses or resumes a project's scans: of a paused scan no claim succeeds. ARGV: project, scan id ('' for
-- all of the project), '1' to pause or '0' to resume. Returns the ids of the active scans that it is about; none: nothing
-- there. However often it is called, the project has one intent waiting.
local project = prefix .. 'project:' .. ARGV[1]
local ids = redis.call('SMEMBERS', project .. ':active')
if ARGV[2] ~= '' then
    ids = redis.call('SISMEMBER', project .. ':active', ARGV[2]) == 1 and { ARGV[2] } or {}
end
for _, id in ipairs(ids) do
    if ARGV[3] == '1' then
        redis.call('HSET', prefix .. 'scan:' .. id, 'paused', '1')
    else
        redis.call('HDEL', prefix .. 'scan:' .. id, 'paused', 'paused_because')
    end
end
if #ids > 0 then announce_pace(ARGV[1]) end
return ids
