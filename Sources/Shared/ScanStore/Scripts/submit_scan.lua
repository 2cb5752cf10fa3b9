-- An API replica accepts a scan: the scan's record, its place in the project, and the intent, all or nothing.
-- KEYS: none but derived. ARGV: scan id, project, request, now in ms, most active scans of a project, hash of the
-- idempotency key ('' for none), fingerprint of the request, caller, its address, id of its request, number of hosts, the
-- scan that is requeued ('' for none), the request's traceparent ('' for none).
-- Returns the id of the scan: the given one, or the one that was accepted before under the same idempotency key.
local scan = prefix .. 'scan:' .. ARGV[1]
local project = prefix .. 'project:' .. ARGV[2]
local submission = project .. ':submission:' .. ARGV[6]
if ARGV[6] ~= '' then
    local earlier = redis.call('HMGET', submission, 'fingerprint', 'scan')
    if earlier[1] == ARGV[7] then return earlier[2] end
    if earlier[1] then return redis.error_reply('CONFLICT the idempotency key belongs to another request') end
end
if redis.call('SCARD', project .. ':active') >= tonumber(ARGV[5]) then
    return redis.error_reply('LIMIT the project has ' .. ARGV[5] .. ' active scans')
end
if redis.call('EXISTS', scan) == 1 then
    return redis.error_reply('EXISTS the scan is there already')
end
redis.call('HSET', scan, 'id', ARGV[1], 'project', ARGV[2], 'request', ARGV[3], 'created_at', ARGV[4],
    'caller', ARGV[8], 'request_id', ARGV[10], 'traceparent', ARGV[13], 'state', 'planning')
redis.call('ZADD', prefix .. 'scans:active', ARGV[4], ARGV[1])
redis.call('SADD', project .. ':active', ARGV[1])
redis.call('ZADD', project .. ':scans', ARGV[4], ARGV[1])
for _, id in ipairs(redis.call('ZRANGE', project .. ':scans', 0, -1001)) do
    local old = redis.call('HMGET', prefix .. 'scan:' .. id, 'state', 'planned')
    if not old[1] or is_ended(old[1]) then
        expire_scan(prefix .. 'scan:' .. id, tonumber(old[2]) or 0, 60)
        redis.call('ZREM', project .. ':scans', id)
    end
end
redis.call('EXPIRE', project .. ':scans', retention_seconds)
if ARGV[6] ~= '' then
    redis.call('HSET', submission, 'fingerprint', ARGV[7], 'scan', ARGV[1])
    redis.call('EXPIRE', submission, idempotency_seconds)
end
local isRequeue = ARGV[12] ~= ''
audit(project, isRequeue and 'requeue' or 'start', ARGV[8], ARGV[9], ARGV[10], { ARGV[1] },
    isRequeue and { 'requeues', ARGV[12] } or { 'hosts', ARGV[11] })
tell_state(ARGV[2], ARGV[1], 'planning')
redis.call('XADD', prefix .. 'intents', '*', 'kind', 'start', 'scan', ARGV[1], 'project', ARGV[2])
redis.call('PUBLISH', wake_channel, 'intent')
return ARGV[1]
