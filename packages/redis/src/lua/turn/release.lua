#!lua flags=allow-oom
--[[ Releases a turn, so that any worker can take it, after `afterMs`. It starts before all turns that no worker has had.
  A report counts a crash, even for an attempt that has lost its lease, as long as no later attempt has recorded
  anything: 'died' when the attempt's process died or its event loop was blocked, 'alone' when that process ran nothing
  else.
  Returns { 1 released | 0 fenced, 1 when a ticket must be added }. ]]
-- @include crashes
-- @include lost-attempt
-- @include now
-- @include ring
-- @include startable
local holder, status, job, storedLost, lastOrdinal, open, storedCrashes, storedStreamed, storedAlone, workspace, key,
  since = unpack(redis.call('HMGET', head, 'attempt', 'status', 'job', 'lost', 'ordinal', 'open', 'deaths', 'streamed',
    'alone', 'ws', 'fk', 'since'))
local holds = holder == attempt and status == 'running'
local output = open
if not holds then
  local lost = report ~= '' and isLive(status) and storedLost or ''
  if lost ~= attempt and lost ~= lostAttempt(attempt, true) then return { 0, 0 } end
  if status == 'running' and tonumber(lastOrdinal) > 0 then return { 0, 0 } end
  output = lost ~= attempt
end
if report ~= '' then
  local crashes, streamed, alone = crashCounts(storedCrashes, storedStreamed, storedAlone)
  storeCrashCounts(head, now, crashes + 1, streamed + (output and 1 or 0), alone + (report == 'alone' and 1 or 0))
  redis.call('HDEL', head, 'lost')
end
if not holds then return { 0, 0 } end
redis.call('HSET', head, 'status', 'queued')
redis.call('HDEL', head, 'attempt', 'by')
redis.call('ZREM', leases, job)
freeSlot(job, workspace, key or '', since, 0, 0)
queueBefore(returnedOf(), '!returned', now + afterMs, job)
return { 1, wantsTicket() }
