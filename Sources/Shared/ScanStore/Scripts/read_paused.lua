-- Which of a project's scans are paused. From here on another pause makes another intent, so none is missed.
-- KEYS: lock. ARGV: epoch, holder, project. Returns the ids of the paused scans.
local refused = fence()
if refused then return refused end
local project = prefix .. 'project:' .. ARGV[3]
redis.call('DEL', project .. ':pacing')
local paused = {}
for _, id in ipairs(redis.call('SMEMBERS', project .. ':active')) do
    if redis.call('HEXISTS', prefix .. 'scan:' .. id, 'paused') == 1 then paused[#paused + 1] = id end
end
return paused
