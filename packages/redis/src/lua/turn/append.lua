--[[ Records facts of an attempt.
  Returns { 'ok', log length, last pos, now, cancel requested 0|1, log bytes, bytes to hold }, or { 'fenced' } when the
  attempt does not hold the turn, or the log has lost a fact that the attempt has seen.
  Idempotent: the same ordinal again changes nothing and returns 'ok'. ]]
-- @include log
-- @include notify
-- @include last-seen
local holder, status, lastOrdinal, cancel, storedBytes, storedUnheld, lastPos, crashes, own, open =
  unpack(redis.call('HMGET', head, 'attempt', 'status', 'ordinal', 'cancel', 'bytes', 'unheld', 'pos', 'deaths', 'own',
    'open'))
if holder ~= attempt then return { 'fenced' } end
local cancelRequested = cancel and 1 or 0
-- @include now
if tonumber(lastOrdinal) >= ordinal then
  local bytes = tonumber(storedBytes)
  return { 'ok', redis.call('LLEN', log), lastPos, now, cancelRequested, bytes,
    bytes - tonumber(storedUnheld or 0) }
end
if status ~= 'running' then return { 'fenced' } end
if not hasSeenOwn(lastSeen, own) and not stillHas(log, lastSeen) then return { 'fenced' } end

-- @include count-append
-- @include store-blobs
local at = string.format('%d', now)
local pos, length = recordAll(log, lastPos, at, added)
redis.call('HSET', head, 'pos', textOf(pos), 'own', textOf(pos) .. ' ' .. at, unpack(fields))
if open and closes == 'parts' then redis.call('HDEL', head, 'open') end
if closes == 'reviews' then
  local workspace, job = unpack(redis.call('HMGET', head, 'ws', 'job'))
  redis.call('ZADD', reviews, 0, workspace .. ':' .. taskId)
  if redis.call('HEXISTS', workspaceStateOf(workspace), 'listens') == 1 then
    redis.call('ZADD', eventsOf(), now, job .. ' ' .. pos .. ' ' .. length - 1)
  end
end
notify(wake, taskId, pos, 'fact')
return { 'ok', length, pos, now, cancelRequested, bytes, bytes - unheld }
