-- Tells of the scans whose numbers have changed since they were told last.
-- KEYS: lock. ARGV: epoch, holder, most scans of a project to be told of, then two per scan: id, seconds to its end ('' where
-- they are not known). Returns three numbers per scan: targets with an outcome, targets without, 1 while they are dispatched;
-- all 0 where there is no plan.
local refused = fence()
if refused then return refused end
local told, standings = {}, {}

-- One that is not told now still differs the next time.
local function add(project, scan, text)
    local scans = told[project] or {}
    if #scans >= tonumber(ARGV[3]) then return end
    redis.call('HSET', scan, 'told', text)
    scans[#scans + 1] = text
    told[project] = scans
end

for i = 4, #ARGV, 2 do
    local scan = prefix .. 'scan:' .. ARGV[i]
    local fields = redis.call('HMGET', scan, 'project', 'state', 'paused', 'told', 'eta', 'planned', 'done', 'done_partial',
        'failed', 'cancelled')
    local finished, open, runs = 0, 0, 0
    if fields[6] and not is_ended(fields[2]) then
        if ARGV[i + 1] == '' then
            redis.call('HDEL', scan, 'eta')
        elseif ARGV[i + 1] ~= fields[5] then
            redis.call('HSET', scan, 'eta', ARGV[i + 1])
        end
        for j = 7, 10 do finished = finished + (tonumber(fields[j]) or 0) end
        open = tonumber(fields[6]) - finished
        runs = fields[2] == 'running' and not fields[3] and 1 or 0
        local text = progress(scan)
        if text ~= fields[4] then add(fields[1], scan, text) end
    end
    standings[#standings + 1] = finished
    standings[#standings + 1] = open
    standings[#standings + 1] = runs
end
for project, scans in pairs(told) do tell_progress(project, scans) end
return standings
