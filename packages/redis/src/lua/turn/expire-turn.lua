#!lua flags=allow-oom
--[[ Ends a turn that has passed its deadline, its own or the one that a cancel has set.
  Returns { 'ended' | 'stale' | 'gone', 1 when a ticket must be added }: 'stale' when the log has changed since it was
  folded, 'gone' when the deadline is not due or no longer belongs to the turn. ]]
-- @include deadline-members
-- @include cancel-children
-- @include log
-- @include notify
-- @include now
-- @include ring
-- @include startable
local due = redis.call('ZSCORE', deadlines, deadline)
if not due or tonumber(due) > now then return { 'gone', 0 } end
local status, cancel, job, open, keptMs, parent, children, workspace, key, since, version, held, lastPos,
  storedBytes, bytesCounted = unpack(redis.call('HMGET', head, 'status', 'cancel', 'job', 'open', 'keep', 'parent', 'children', 'ws', 'fk', 'since',
    'v', 'held', 'pos', 'bytes', 'bytes-counted'))
if not isLive(status) or deadlineOf(job) ~= deadline then
  redis.call('ZREM', deadlines, deadline)
  return { 'gone', 0 }
end
if redis.call('LLEN', log) ~= folded then return { 'stale', 0 } end
-- @include store-blobs
local pos, length, hasLinks
local fields, ends = {}, { endFact }
-- @include abandon-parts
-- @include finish
-- The worker stops when it reads this notification.
if status == 'running' then notify(cancels, taskId, pos, 'cancel') end
return { 'ended', wantsTicket() }
