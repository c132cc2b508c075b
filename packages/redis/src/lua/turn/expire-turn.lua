#!lua flags=allow-oom
--[[ Ends a turn that has passed its deadline, its own or the one that a cancel has set; or, without a deadline, the turn
  `expired`, which has expired before a worker had it.
  Returns { 'ended' | 'stale' | 'gone', 1 when a ticket must be added }: 'stale' when the log has changed since it was
  folded, 'gone' when the deadline or the expiry is not due or no longer belongs to the turn. ]]
-- @include deadline-members
-- @include cancel-children
-- @include log
-- @include notify
-- @include now
-- @include ring
-- @include startable
local times, member = deadlines, deadline
if deadline == '' then times, member = expiriesOf(), expired end
local due = redis.call('ZSCORE', times, member)
if not due or tonumber(due) > now then return { 'gone', 0 } end
local status, cancel, job, open, keptMs, parent, children, workspace, key, since, version, held, lastPos, storedBytes,
  bytesCounted, expires, agent = unpack(redis.call('HMGET', head, 'status', 'cancel', 'job', 'open', 'keep', 'parent',
    'children', 'ws', 'fk', 'since', 'v', 'held', 'pos', 'bytes', 'bytes-counted', 'expires', 'agent'))
local belongs = deadline == '' and status == 'queued' and job == expired and expires
  or isLive(status) and deadlineOf(job) == deadline
if not belongs then
  redis.call('ZREM', times, member)
  return { 'gone', 0 }
end
if redis.call('LLEN', log) ~= folded then return { 'stale', 0 } end
-- @include store-blobs
local pos, length, hasLinks
local fields, ends = {}, { string.sub(endFact, 2) }
-- @include abandon-parts
-- @include finish
-- The worker stops when it reads this notification.
if status == 'running' then notify(cancels, taskId, pos, 'cancel') end
return { 'ended', wantsTicket() }
