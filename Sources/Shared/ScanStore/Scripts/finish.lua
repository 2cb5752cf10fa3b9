-- Appended to every script. The reply goes with the number of writes so far, which only grows: a process that is shown a
-- lower number than before knows that Redis has lost what it had acknowledged.
local reply = run()
if type(reply) == 'table' and reply.err then return reply end
return { redis.call('INCR', prefix .. 'writes'), reply }
