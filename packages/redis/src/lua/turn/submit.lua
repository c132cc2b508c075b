--[[ Accepts a turn and queues it: the first turn of a new task, or the next turn of a task whose latest turn has ended.
  Returns { 'accepted', turn, at, pos, number of the fact from 0, 1 when a ticket must be added, ms until the turn may
  start, quota }, { 'replay', turn, at, pos, number of the fact }, { 'conflict' }, { 'full', 'facts' | 'bytes' | 'notes' },
  { 'not_found' } or { 'limited', names of the limits that refuse it, ms until the rate of requests admits one, quota }. The
  quota is '' without limits.
  Idempotent: a repetition, recognised by its request id, finds its own turn. ]]
-- @include deadline-members
-- @include notify
local clockTime = options.clockTime or ''
-- @include now
local taskId = string.sub(job, 6, 31)
local log = logOf(taskId)
-- @include ring
local storedWorkspace, storedAgent, status, lastTurn, taken, storedBytes, version, stored, lastPriority, lastKey,
  lastFairnessKey, storedBytesCounted
-- A new task has no head, unless its turn is submitted again.
if after > 0 or redis.call('EXISTS', head) == 1 then
  storedWorkspace, storedAgent, status, lastTurn, taken, storedBytes, version, stored, lastPriority, lastKey,
    lastFairnessKey, storedBytesCounted = unpack(redis.call('HMGET', head, 'ws', 'agent', 'status', 'turn',
      'r:' .. requestId, 'bytes', 'v', 'noted', 'priority', 'fk', 'fairness-key', 'bytes-counted'))
end
if status == 'forgotten' then return { 'not_found' } end
local addedBytes = #fact + 1
for _, value in blobs() do addedBytes = addedBytes + #value end
if storedWorkspace then
  if storedWorkspace ~= workspace or storedAgent ~= agentId then return { 'not_found' } end
  if taken then
    local turn, at, pos, number = string.match(taken, '^(%d+) (%d+) (%d+) (%d+)$')
    return { 'replay', turn, at, pos, number }
  end
  if not hasEnded(status) or tonumber(lastTurn) ~= after then return { 'conflict' } end
  if redis.call('LLEN', log) >= fullAtFacts then return { 'full', 'facts' } end
  if tonumber(storedBytes) + addedBytes >= fullAtBytes then return { 'full', 'bytes' } end
elseif after > 0 then
  return { 'not_found' }
end
local countedBefore = tonumber(stored or 0)
local counted = #metadata >= countedMetadataBytes and #metadata or 0
local more = counted - countedBefore
if more > 0 and (redis.call('HGET', metadataBytesOf(), workspace) or 0) + more > maxMetadataBytes then
  return { 'full', 'notes' }
end
-- @include submit-limits
if #refusals > 0 then return { 'limited', refusals, math.ceil(waitMs), quota } end

local turn, at = after == 0 and '1' or string.format('%d', after + 1), string.format('%d', now)
local priority, key, fairnessKey = options.priority or '', options.key or '', options.fairnessKey or ''
local class, isAwaited = options.class or '', options.isAwaited
if options.isInherited then priority, key, fairnessKey = lastPriority or '', lastKey or '', lastFairnessKey or '' end
if options.keepsKey and lastKey then key, fairnessKey = lastKey, lastFairnessKey end
-- The turn waits, expires and ends in relation to its start.
local startTime = options.startInMs and now + options.startInMs or options.startAt or now
local startsLater = startTime > now
if not startsLater then startTime = now end
local expiresAt = options.expiresInMs and startTime + options.expiresInMs
-- @include rank
-- A command that a full Redis refuses comes first: after a first write that frees memory, Redis would accept all
-- others.
-- @include store-blobs
-- The first number of a new task needs no counter.
local pos = after == 0 and '1' or string.format('%d', redis.call('HINCRBY', head, 'pos', '1'))
local length = redis.call('RPUSH', log, factStart .. pos .. ',"at":' .. at .. ',' .. fact)
if after > 0 then
  redis.call('HDEL', head, 'result', 'cancel', 'attempt', 'by', 'deaths', 'lost', 'parent', 'children', 'fk',
    'fairness-key', 'priority', 'start-at', 'expires', 'class', 'wait', 'notes', 'waits')
  redis.call('PERSIST', deltasOf(taskId))
  redis.call('ZREM', purges, taskId)
  redis.call('ZREM', failedOf(), taskId)
end
local factNumber = length == 1 and '0' or string.format('%d', length - 1)
local bytes, deadline = (storedBytes or 0) + addedBytes, startTime + deadlineMs
local bytesCounted = tonumber(storedBytesCounted or 0)
-- A newer version may have written the head before; its number is kept.
version = version and math.max(tonumber(version), headVersion) or headVersionText
-- @include accept
if requestsTime then redis.call('HSET', workspaceStateOf(workspace), 'requests', requestsTime) end
-- A new task has no watchers.
if after > 0 then notify(wake, taskId, pos, 'fact') end
local wantsTicket = not startsLater and redis.call('LLEN', tickets) < ticketsWaiting
return { 'accepted', turn, at, pos, factNumber, wantsTicket and 1 or 0, startsLater and startTime - now or 0, quota }
