-- An API replica stops a project's scans: from here on no claim of theirs succeeds. The coordinator does the rest and
-- writes the receipt, also where only earlier stops left something to confirm. ARGV: project, receipt id. Returns the ids
-- of the scans; nil: there was nothing to do, and no receipt will come.
local open = prefix .. 'project:' .. ARGV[1] .. ':stops'
if redis.call('SCARD', open) >= most_open_stops then
    return redis.error_reply('LIMIT the project is being stopped already')
end
local ids = redis.call('SMEMBERS', prefix .. 'project:' .. ARGV[1] .. ':active')
for _, id in ipairs(ids) do
    redis.call('HSET', prefix .. 'scan:' .. id, 'stop', '1')
end
if #ids == 0 and redis.call('EXISTS', prefix .. 'project:' .. ARGV[1] .. ':unconfirmed') == 0 then return false end
redis.call('SADD', open, ARGV[2])
redis.call('EXPIRE', open, 120)
redis.call('XADD', prefix .. 'intents', '*', 'kind', 'stop', 'project', ARGV[1], 'receipt', ARGV[2],
    'scans', table.concat(ids, ' '))
redis.call('PUBLISH', wake_channel, 'intent')
return ids
