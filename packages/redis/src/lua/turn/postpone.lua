#!lua flags=allow-oom
--[[ Postpones a queued turn that no worker can take now: it may start after `afterMs`.
  Returns { 1 postponed | 0 when the turn is not queued, 1 when a ticket must be added }. ]]
-- @include now
-- @include ring
-- @include startable
local status, job, workspace, key, liveTurn = unpack(redis.call('HMGET', head, 'status', 'job', 'ws', 'fk', 'turn'))
if status ~= 'queued' or liveTurn ~= turn then return { 0, 0 } end
unqueueTurn(job, workspace, key or '')
queueBefore(returnedOf(), '!returned', now + afterMs, job)
return { 1, wantsTicket() }
