-- Tells projects that a worker is gone. KEYS: lock. ARGV: epoch, holder, what to tell, then the projects.
local refused = fence()
if refused then return refused end
for i = 4, #ARGV do tell(ARGV[i], 'worker_lost', ARGV[3]) end
return 1
