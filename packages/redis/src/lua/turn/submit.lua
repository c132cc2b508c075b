--[[ Accepts a turn, of a new task or the next one of a task whose latest turn has ended, and enqueues it.
  Returns { 'accepted' | 'replay', turn, at, pos, number of the fact from 0 }, { 'conflict' },
  { 'full', 'facts' | 'bytes' | 'notes' } or { 'not_found' }.
  Idempotent: a repeat, known by its request id, finds its own turn. ]]
-- @include deadline-members
-- @include log
-- @include notify
local storedWorkspace, storedAgent, status, lastTurn, taken, storedBytes, version, stored =
  unpack(redis.call('HMGET', head, 'ws', 'agent', 'status', 'turn', 'r:' .. requestId, 'bytes', 'v', 'noted'))
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

-- @include now
local turn = after + 1
-- Once, since every command would turn the number into a text again.
local at = string.format('%.0f', now)
-- First what a full Redis refuses: after a first write that frees memory it would take all the rest.
-- @include store-blobs
local pos, length = 1, 1
-- A new task's first number need not be counted.
if after == 0 then
  redis.call('RPUSH', log, storedFact(pos, at, fact))
else
  pos, length = record(head, log, at, fact)
  redis.call('HDEL', head, 'result', 'cancel', 'attempt', 'by', 'deaths', 'lost', 'parent', 'children')
  redis.call('PERSIST', deltas)
  redis.call('ZREM', purges, taskId)
  redis.call('ZREM', failed, taskId)
end
local factNumber, bytes, deadline = length - 1, (storedBytes or 0) + addedBytes, now + deadlineMs
-- A newer version may have written the head before: that stays true.
version = version or writtenVersion
-- @include accept
-- Nobody watches a new task.
if after > 0 then notify(wake, taskId, pos, 'fact') end
local newJob, jobData = job, '{"taskId":"' .. taskId .. '","turn":' .. turn .. ',"segment":1}'
-- @include add-job
return { 'accepted', turn, at, pos, factNumber }
