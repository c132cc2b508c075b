--[[ Records the decision on a call that waits for a review, and queues a parked turn again.
  Returns { 'recorded', 'stale' when the log has changed since it was folded, or 'ended' when the turn is not live; 1
  when a ticket must be added }. ]]
-- @include deadline-members
-- @include log
-- @include notify
-- @include now
-- @include ring
-- @include startable
local status, liveTurn, job, workspace, key, rank, version, started =
  unpack(redis.call('HMGET', head, 'status', 'turn', 'job', 'ws', 'fk', 'rank', 'v', 'started'))
if not status or not isLive(status) or liveTurn ~= turn then return { 'ended', 0 } end
if redis.call('LLEN', log) ~= folded then return { 'stale', 0 } end

local addedBytes = #fact
for _, value in blobs() do addedBytes = addedBytes + #value end
redis.call('HINCRBY', head, 'bytes', addedBytes)
-- @include store-blobs
notify(wake, taskId, record(head, log, now, fact), 'fact')
if status == 'parked' then
  -- @include requeue
end
return { 'recorded', wantsTicket() }
