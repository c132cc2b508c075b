#!lua flags=allow-oom
--[[ Ends a turn that has passed its deadline, its own or the one that a cancel has set.
  Returns 'ended', 'stale' when the log has changed since it was folded, or 'gone' when the deadline is not due or no
  longer belongs to the turn. ]]
-- @include deadline-members
-- @include cancel-children
-- @include log
-- @include notify
-- @include now
local due = redis.call('ZSCORE', deadlines, deadline)
if not due or tonumber(due) > now then return 'gone' end
local status, job = unpack(redis.call('HMGET', head, 'status', 'job'))
if not isLive(status) or deadlineOf(job) ~= deadline then
  redis.call('ZREM', deadlines, deadline)
  return 'gone'
end
if redis.call('LLEN', log) ~= folded then return 'stale' end
-- @include store-blobs
local pos, length, hasLinks
-- @include finish
-- The worker stops when it reads this notification.
if status == 'running' then notify(cancels, taskId, pos, 'cancel') end
return 'ended'
