-- Says why results of a project are not imported, or, by an empty text, that they are. Its life is bounded: a leader that
-- has something to say says it again. KEYS: lock. ARGV: epoch, holder, project, text.
local refused = fence()
if refused then return refused end
local key = prefix .. 'project:' .. ARGV[3] .. ':sync'
if ARGV[4] == '' then return redis.call('DEL', key) end
redis.call('SET', key, ARGV[4], 'EX', 900)
return 1
