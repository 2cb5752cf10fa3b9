-- An API replica stops a project's scans: from here on no claim of theirs succeeds. The coordinator does the rest and
-- writes the receipt. ARGV: project, receipt id. Returns the ids of the scans; none: there was nothing to stop.
local ids = redis.call('SMEMBERS', prefix .. 'project:' .. ARGV[1] .. ':active')
for _, id in ipairs(ids) do
    redis.call('HSET', prefix .. 'scan:' .. id, 'stop', '1')
end
if #ids > 0 then
    redis.call('XADD', prefix .. 'intents', '*', 'kind', 'stop', 'project', ARGV[1], 'receipt', ARGV[2],
        'scans', table.concat(ids, ' '))
    redis.call('PUBLISH', wake_channel, 'intent')
end
return ids
