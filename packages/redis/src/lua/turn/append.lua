--[[ Records facts of an attempt, or a decision that ends or parks the turn.
  Returns { 'ok', log length, last pos, now, cancel requested 0|1, log bytes, 1 when the end must be propagated to the
  parent or the children, bytes to hold }, { 'stale', cancel requested 0|1 } when the log has changed since a decision
  was made, { 'fenced' } when the attempt does not hold the turn, or the log has lost a fact that the attempt has seen.
  Idempotent: the same ordinal again changes nothing and returns 'ok'. ]]
-- @include deadline-members
-- @include cancel-children
-- @include log
-- @include notify
-- @include last-seen
local holder, status, lastOrdinal, cancel, storedBytes, storedUnheld =
  unpack(redis.call('HMGET', head, 'attempt', 'status', 'ordinal', 'cancel', 'bytes', 'unheld'))
if holder ~= attempt then return { 'fenced' } end
local cancelRequested = cancel and 1 or 0
-- @include now
if tonumber(lastOrdinal) >= ordinal then
  local bytes = tonumber(storedBytes)
  return { 'ok', redis.call('LLEN', log), redis.call('HGET', head, 'pos'), now, cancelRequested, bytes, 0,
    bytes - tonumber(storedUnheld or 0) }
end
if status ~= 'running' or not stillHas(log, lastSeen) then return { 'fenced' } end
if folded and redis.call('LLEN', log) ~= folded then return { 'stale', cancelRequested } end

local bytes = tonumber(storedBytes)
for fact in facts() do bytes = bytes + #fact end
for _, value in blobs() do bytes = bytes + #value end
local unheld = tonumber(storedUnheld or 0) + notFoldedBytes
-- A turn that makes progress does not crash its workers.
redis.call('HSET', head, 'ordinal', ordinal, 'deaths', 0, 'bytes', bytes)
if notFoldedBytes ~= 0 then redis.call('HSET', head, 'unheld', unheld) end
-- @include store-blobs
local pos, length, hasLinks
if decision == 'parked' then
  for fact in facts() do pos, length = record(head, log, now, fact) end
  local job = redis.call('HGET', head, 'job')
  redis.call('HSET', head, 'status', 'parked')
  redis.call('HDEL', head, 'by')
  redis.call('ZREM', leases, job)
  redis.call('ZADD', deadlines, parkedUntil, wakeOf(job))
  notify(wake, taskId, pos, 'fact')
elseif folded then
  local endFact, endStatus = nil, decision
  for fact in facts() do endFact = fact end
  -- @include finish
else
  if closes == 'parts' then redis.call('HDEL', head, 'open') end
  if closes == 'reviews' then redis.call('ZADD', reviews, 0, redis.call('HGET', head, 'ws') .. ':' .. taskId) end
  for fact in facts() do pos, length = record(head, log, now, fact) end
  notify(wake, taskId, pos, 'fact')
end
return { 'ok', length, pos, now, cancelRequested, bytes, hasLinks or 0, bytes - unheld }
