-- Appended to every script: it does nothing to another installation's data than the caller's, and its reply goes with the
-- number of writes so far, which only grows, and with the installation's id. A process that is shown a lower number than
-- before knows that Redis has lost what it had acknowledged.
local installation = redis.call('HMGET', prefix .. 'installation', 'id', 'replaces:' .. expected_installation)
if expected_installation ~= '' and installation[1] ~= expected_installation
    and not (installation[1] and installation[2]) then
    return redis.error_reply('FOREIGN installation ' .. (installation[1] or 'none') .. ' instead of '
        .. expected_installation)
end
local reply = run()
if type(reply) == 'table' and reply.err then return reply end
return {
    redis.call('INCR', prefix .. 'writes'),
    installation[1] or redis.call('HGET', prefix .. 'installation', 'id') or '',
    reply,
}
