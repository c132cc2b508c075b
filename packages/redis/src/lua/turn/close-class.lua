#!lua flags=allow-oom
--[[ Closes a class of models until a time, because nothing is left of a rate, and puts the turn that has found that back
  into the backlog of the class, at its place. `wait` is the reason as JSON.
  Returns { 1 released | 0 fenced, 1 when a ticket must be added }. ]]
-- @include now
-- @include ring
-- @include startable
local holder, status, job, workspace, key, since, rank =
  unpack(redis.call('HMGET', head, 'attempt', 'status', 'job', 'ws', 'fk', 'since', 'rank'))
if holder ~= attempt or status ~= 'running' then return { 0, 0 } end
if closedUntil(class) < untilTime then
  redis.call('HSET', scheduler, 'closed:' .. class, wait)
  closingTimes[class] = untilTime
end
redis.call('HSET', head, 'status', 'queued', 'class', class, 'wait', wait)
redis.call('HDEL', head, 'attempt', 'by')
redis.call('ZREM', leases, job)
freeSlot(job, workspace, key or '', since, 0, 0)
queueTurn(job, workspace, key or '', rank or now, class)
return { 1, wantsTicket() }
