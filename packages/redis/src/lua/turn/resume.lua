--[[ Queues a parked turn again when its time has come.
  Returns { 1 queued | 0 when the time is not due or no longer belongs to the turn, 1 when a ticket must be added }. ]]
-- @include deadline-members
-- @include now
-- @include ring
-- @include startable
local due = redis.call('ZSCORE', deadlines, deadline)
if not due or tonumber(due) > now then return { 0, 0 } end
local status, job, workspace, key, rank, version, started =
  unpack(redis.call('HMGET', head, 'status', 'job', 'ws', 'fk', 'rank', 'v', 'started'))
if status ~= 'parked' or wakeOf(job) ~= deadline then
  redis.call('ZREM', deadlines, deadline)
  return { 0, 0 }
end
-- @include requeue
return { 1, wantsTicket() }
