#!lua flags=allow-oom
--[[ Cancels a live turn. Ends a queued or parked turn, and a running turn without grace, with a crash since its last
  fact, or whose grace from an earlier cancel has expired. In all other cases, notifies the worker and sets a deadline.
  Returns { 'ended' | 'stopping' | 'not_found' | 'stale', 1 when a ticket must be added, what a parked turn has waited for,
  workspace }. 'stale' means that nothing was
  done, because the turn ends here and its result must be folded from the current log. Idempotent. ]]
-- @include deadline-members
-- @include cancel-children
-- @include log
-- @include notify
-- @include now
-- @include ring
-- @include startable
local status, cancel, job, open, keptMs, parent, children, workspace, key, since, version, held, lastPos, liveTurn,
  crashes, storedBytes, bytesCounted, expires, wait, agent =
  unpack(redis.call('HMGET', head, 'status', 'cancel', 'job', 'open', 'keep', 'parent', 'children', 'ws', 'fk', 'since',
    'v', 'held', 'pos', 'turn', 'deaths', 'bytes', 'bytes-counted', 'expires', 'wait', 'agent'))
if not status or status == 'forgotten' then return { 'not_found', 0 } end
if turn ~= '' and liveTurn ~= turn then return { 'ended', 0 } end
if not isLive(status) then return { 'ended', 0 } end

local graceIsOver = cancel and tonumber(redis.call('ZSCORE', deadlines, deadlineOf(job)) or 0) <= now
local ends = status ~= 'running' or graceMs == 0 or tonumber(crashes or 0) > 0 or graceIsOver
if ends and redis.call('LLEN', log) ~= folded then return { 'stale', 0 } end
if ends then
  -- @include store-blobs
end
local pos, length, hasLinks
if not cancel then
  pos = record(head, log, now, cancelFact)
  lastPos = pos
end
if ends then
  local endStatus, fields, ends = 'cancelled', {}, { string.sub(endFact, 2) }
  -- @include abandon-parts
  -- @include finish
  if status == 'running' then notify(cancels, taskId, pos, 'cancel') end
  return { 'ended', wantsTicket(), status ~= 'running' and wait or '', workspace }
end
if pos then
  redis.call('HSET', head, 'cancel', 1)
  -- The turn's own deadline may be earlier.
  redis.call('ZADD', deadlines, 'LT', now + graceMs, deadlineOf(job))
  if children then cancelChildren(deadlines, now, children) end
  notify(wake, taskId, pos, 'cancel')
  notify(cancels, taskId, pos, 'cancel')
end
return { 'stopping', 0 }
