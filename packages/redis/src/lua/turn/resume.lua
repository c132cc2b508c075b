--[[ Queues a parked turn again, as a new segment, when its time has come.
  Returns 1 queued, 0 when the time is not due or no longer belongs to the turn. ]]
-- @include deadline-members
-- @include now
local due = redis.call('ZSCORE', deadlines, deadline)
if not due or tonumber(due) > now then return 0 end
local status, job = unpack(redis.call('HMGET', head, 'status', 'job'))
if status ~= 'parked' or wakeOf(job) ~= deadline then
  redis.call('ZREM', deadlines, deadline)
  return 0
end
-- @include requeue
return 1
