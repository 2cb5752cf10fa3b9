-- An API replica stops a project's scans: from here on no claim of theirs succeeds. The coordinator does the rest and
-- writes the receipt, also where only earlier stops left something to confirm. ARGV: project, receipt id, caller, its
-- address, id of its request. Returns the ids of the scans; nil: there was nothing to do, and no receipt will come.
local project = prefix .. 'project:' .. ARGV[1]
local open = project .. ':stops'
if redis.call('SCARD', open) >= most_open_stops then
    return redis.error_reply('LIMIT the project is being stopped already')
end
local ids = redis.call('SMEMBERS', project .. ':active')
for _, id in ipairs(ids) do
    redis.call('HSET', prefix .. 'scan:' .. id, 'stop', '1')
end
if #ids == 0 and redis.call('EXISTS', project .. ':unconfirmed') == 0 then return false end
if #ids > 0 then audit(project, 'stop', ARGV[3], ARGV[4], ARGV[5], ids, {}) end
redis.call('SADD', open, ARGV[2])
redis.call('EXPIRE', open, 120)
redis.call('XADD', prefix .. 'intents', '*', 'kind', 'stop', 'project', ARGV[1], 'receipt', ARGV[2],
    'scans', table.concat(ids, ' '))
redis.call('PUBLISH', wake_channel, 'intent')
return ids
