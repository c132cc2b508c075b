#!lua flags=allow-oom
--[[ Hands a turn back, so that any worker may take the same segment at once.
  KEYS 1 head  2 outbox  3 leases
  ARGV 1 now or ''  2 attempt id
       3 '' or what is reported of the attempt: 'died' when its process died or stood still, 'alone' when that process
       ran nothing else
  A report counts a death, also for an attempt that has lost its lease, as long as no later attempt has recorded anything.
  Returns 1 released, 0 fenced. ]]
-- @include record
-- @include deaths
local head, attempt, report = KEYS[1], ARGV[2], ARGV[3]
local has = redis.call('HMGET', head, 'attempt', 'status', 'job', 'lost', 'ordinal', 'open', 'deaths', 'streamed', 'alone')
local holds = has[1] == attempt and has[2] == 'running'
local output = has[6]
if not holds then
  local lost = report ~= '' and isLive(has[2]) and has[4] or ''
  if lost ~= attempt and lost ~= lostOf(attempt, true) then return 0 end
  if has[2] == 'running' and tonumber(has[5]) > 0 then return 0 end
  output = lost ~= attempt
end
local now = clock(ARGV[1])
if report ~= '' then
  local deaths, streamed, alone = deathsOf(has[7], has[8], has[9])
  countDeath(head, now, deaths + 1, streamed + (output and 1 or 0), alone + (report == 'alone' and 1 or 0))
  redis.call('HDEL', head, 'lost')
end
if not holds then return 0 end
redis.call('HSET', head, 'status', 'queued')
redis.call('HDEL', head, 'attempt', 'by')
redis.call('ZREM', KEYS[3], has[3])
redis.call('ZADD', KEYS[2], now + 5000, has[3])
return 1
