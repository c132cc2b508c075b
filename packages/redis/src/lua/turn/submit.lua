--[[ Accepts a turn and queues it: the first turn of a new task, or the next turn of a task whose latest turn has ended.
  Returns { 'accepted', turn, at, pos, number of the fact from 0, 1 when a ticket must be added, ms until the turn may
  start, quota }, { 'replay', turn, at, pos, number of the fact }, { 'conflict' }, { 'full', 'facts' | 'bytes' | 'notes' },
  { 'not_found' } or { 'limited', names of the limits that refuse it, ms until the rate of requests admits one, quota }. The
  quota is '' without limits.
  Idempotent: a repetition, recognised by its request id, finds its own turn. ]]
-- @include deadline-members
-- @include log
-- @include notify
-- @include now
-- @include ring
local storedWorkspace, storedAgent, status, lastTurn, taken, storedBytes, version, stored, lastPriority, lastKey,
  lastFairnessKey, storedBytesCounted = unpack(redis.call('HMGET', head, 'ws', 'agent', 'status', 'turn',
    'r:' .. requestId, 'bytes', 'v', 'noted', 'priority', 'fk', 'fairness-key', 'bytes-counted'))
if status == 'forgotten' then return { 'not_found' } end
local addedBytes = #fact
for _, value in blobs() do addedBytes = addedBytes + #value end
if storedWorkspace then
  if storedWorkspace ~= workspace or storedAgent ~= agentId then return { 'not_found' } end
  if taken then
    local turn, at, pos, number = string.match(taken, '^(%d+) (%d+) (%d+) (%d+)$')
    return { 'replay', turn, at, pos, number }
  end
  if not hasEnded(status) or tonumber(lastTurn) ~= after then return { 'conflict' } end
  if redis.call('LLEN', log) >= maxFacts then return { 'full', 'facts' } end
  if tonumber(storedBytes) + addedBytes >= maxBytes then return { 'full', 'bytes' } end
elseif after > 0 then
  return { 'not_found' }
end
local countedBefore = tonumber(stored or 0)
local counted = #metadata >= countedMetadataBytes and #metadata or 0
local more = counted - countedBefore
if more > 0 and (redis.call('HGET', metadataBytes, workspace) or 0) + more > maxMetadataBytes then
  return { 'full', 'notes' }
end
-- @include submit-limits
if #refusals > 0 then return { 'limited', refusals, math.ceil(waitMs), quota } end

local turn = after + 1
-- Converted once, because every command would convert the number to text again.
local at = string.format('%.0f', now)
if isInherited then priority, key, fairnessKey = lastPriority or '', lastKey or '', lastFairnessKey or '' end
if keepsKey and lastKey then key, fairnessKey = lastKey, lastFairnessKey end
-- The turn waits, expires and ends in relation to its start.
local startTime = startInMs and now + startInMs or startAt or now
local startsLater = startTime > now
if not startsLater then startTime = now end
local expiresAt = expiresInMs and startTime + expiresInMs
-- @include rank
-- A command that a full Redis refuses comes first: after a first write that frees memory, Redis would accept all
-- others.
-- @include store-blobs
local pos, length = 1, 1
-- The first number of a new task needs no counter.
if after == 0 then
  redis.call('RPUSH', log, storedFact(pos, at, fact))
else
  pos, length = record(head, log, at, fact)
  redis.call('HDEL', head, 'result', 'cancel', 'attempt', 'by', 'deaths', 'lost', 'parent', 'children', 'fk',
    'fairness-key', 'priority', 'start-at', 'expires', 'class', 'wait')
  redis.call('PERSIST', deltas)
  redis.call('ZREM', purges, taskId)
  redis.call('ZREM', failed, taskId)
end
local factNumber, bytes, deadline = length - 1, (storedBytes or 0) + addedBytes, startTime + deadlineMs
local bytesCounted = tonumber(storedBytesCounted or 0)
-- A newer version may have written the head before; its number is kept.
version = math.max(tonumber(version or 0), headVersion)
-- @include accept
if requestsTime then redis.call('HSET', workspaceStateOf(workspace), 'requests', requestsTime) end
-- A new task has no watchers.
if after > 0 then notify(wake, taskId, pos, 'fact') end
local wantsTicket = not startsLater and redis.call('LLEN', tickets) < ticketsWaiting
return { 'accepted', turn, at, pos, factNumber, wantsTicket and 1 or 0, startsLater and startTime - now or 0, quota }
