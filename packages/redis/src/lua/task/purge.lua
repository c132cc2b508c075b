#!lua flags=allow-oom
--[[ Deletes a task whose latest turn has ended. A tombstone stays for a while, so that a late or repeated submission gets
  the reply for an unknown task. `indexes` and `blobs` are the keys that the head listed at `seenPos`.
  Returns 'forgotten' | 'live' | 'not_found', or 'moved' when the head has changed since then or the task is not due.
  ]]
-- @include notify
-- @include counts
local status, pos, workspace, noted, bytesCounted =
  unpack(redis.call('HMGET', head, 'status', 'pos', 'ws', 'noted', 'bytes-counted'))
if not status or status == 'forgotten' then
  redis.call('ZREM', purges, taskId)
  return 'not_found'
end
if isLive(status) then return 'live' end
if pos ~= seenPos then return 'moved' end
if onlyWhenDue then
  local due = redis.call('ZSCORE', purges, taskId)
  if not due then return 'moved' end
  -- @include now
  if tonumber(due) > now then return 'moved' end
end

redis.call('UNLINK', head, log, deltas)
for index in indexes() do redis.call('ZREM', index, taskId) end
for blob in blobs() do redis.call('UNLINK', blob) end
redis.call('ZREM', purges, taskId)
redis.call('ZREM', reviews, workspace .. ':' .. taskId)
local counted = tonumber(noted or 0)
if counted > 0 and redis.call('HINCRBY', metadataBytes, workspace, -counted) <= 0 then
  redis.call('HDEL', metadataBytes, workspace)
end
local bytes = tonumber(bytesCounted or 0)
if bytes > 0 then
  local key, fields = workspaceStateOf(workspace), {}
  addCounts(fields, countsOf(key), taskId, 0, -bytes)
  redis.call('HSET', key, unpack(fields))
end
redis.call('HSET', head, 'status', 'forgotten')
redis.call('PEXPIRE', head, tombstoneMs)
notify(wake, taskId, pos, 'gone')
return 'forgotten'
