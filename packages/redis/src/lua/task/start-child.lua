--[[ Starts the task of a sub-agent, which answers a call of its parent's running turn. Its deadline is at most the
  parent's. It has the priority and the fairness key of its parent. `head` and `log` are the keys of the child.
  Returns { outcome, 1 when a ticket must be added }. The outcome is 'started', 'cancelled' when the parent is to stop,
  'full' when the tree has reached its limit of tasks, or 'fenced' when the attempt does not hold the parent or the
  parent's log has lost a fact that the attempt has seen.
  Idempotent. ]]
-- @include deadline-members
-- @include log
-- @include notify
-- @include last-seen
-- @include now
-- @include ring
-- @include startable
if redis.call('EXISTS', head) == 1 then return { 'started', 0 } end
local holder, status, cancel, children, parentJob, priority, key, fairnessKey =
  unpack(redis.call('HMGET', parentHead, 'attempt', 'status', 'cancel', 'children', 'job', 'priority', 'fk',
    'fairness-key'))
priority, key = priority or '', key or ''
if holder ~= attempt or status ~= 'running' or not stillHas(parentLog, lastSeen) then return { 'fenced', 0 } end
if cancel then return { 'cancelled', 0 } end
local countField = 'children:' .. rootTurn
if tonumber(redis.call('HGET', rootHead, countField) or 0) >= maxChildren then return { 'full', 0 } end

local at = string.format('%d', now)
-- @include store-blobs
redis.call('RPUSH', log, factStart .. '1,"at":' .. at .. ',' .. fact)
local latest = now + deadlineMs
local startTime, startsLater, expiresAt = now, false, nil
local deadline = math.min(latest, tonumber(redis.call('ZSCORE', deadlines, deadlineOf(parentJob)) or latest))
-- @include rank
local isOneLane, isAwaited = false, false
local version, turn, pos, factNumber, bytes = headVersionText, '1', '1', '0', #fact + 1
for _, value in blobs() do bytes = bytes + #value end
local counted, countedBefore, bytesCounted = #metadata >= countedMetadataBytes and #metadata or 0, 0, 0
-- @include accept
redis.call('HSET', head, 'parent', parentTaskId .. ' ' .. parentCall)
redis.call('HSET', parentHead, 'children', (children or '') .. ' ' .. taskId)
redis.call('HINCRBY', parentHead, 'bytes', #parentFact)
if redis.call('EXISTS', rootHead) == 1 then redis.call('HINCRBY', rootHead, countField, 1) end
notify(wake, parentTaskId, record(parentHead, parentLog, now, parentFact), 'fact')
return { 'started', wantsTicket() }
