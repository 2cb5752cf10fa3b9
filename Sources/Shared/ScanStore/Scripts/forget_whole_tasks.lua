-- Removes what workers share of whole tasks, where no worker does it any more. `metadata` says where a task is listed.
-- KEYS: lock. ARGV: epoch, holder, number of hosts, the hosts, then the task ids. Returns how many tasks there were.
local refused = fence()
if refused then return refused end
local first = 4 + tonumber(ARGV[3])
local found = 0
for i = first, #ARGV do
    local task = ARGV[i]
    local metadata = 'task:' .. task .. ':metadata:nmap'
    local fields = redis.call('HMGET', metadata, 'ip', 'ports', 'project', 'user', 'host')
    if fields[3] then
        local project = 'project:' .. fields[3]
        redis.call('SREM', project .. ':task_ids', task)
        redis.call('SREM', 'user:' .. fields[4] .. ':task_ids', task)
        redis.call('SREM', project .. ':ip:' .. fields[1] .. ':task_ids', task)
        redis.call('DEL', 'lock:' .. project .. ':ip:' .. fields[1] .. ':ports:' .. fields[2])
        redis.call('DEL', metadata)
        found = found + 1
    end
    local function leave(host)
        redis.call('DEL', 'running:task:' .. task .. ':host:' .. host)
        redis.call('HDEL', 'running_tool:nmap:' .. host, task)
    end
    if fields[5] then leave(fields[5]) end
    for host = 4, first - 1 do leave(ARGV[host]) end
end
return found
