--[[ Answers the call of a parent after the task of a sub-agent has ended, and queues a parked parent again.
  Returns { 'answered', or 'gone' when the parent no longer waits for it; 1 when a ticket must be added }. Idempotent. ]]
-- @include deadline-members
-- @include log
-- @include notify
-- @include now
-- @include ring
-- @include startable
local status, liveTurn, children, job, workspace, key, rank, version, started = unpack(redis.call('HMGET', head,
  'status', 'turn', 'children', 'job', 'ws', 'fk', 'rank', 'v', 'started'))
local before, after = string.match((children or '') .. ' ', '^(.*) ' .. childTaskId .. ' (.*)$')
if not isLive(status) or liveTurn ~= turn or not before then
  redis.call('ZREM', answers, answer)
  return { 'gone', 0 }
end

local addedBytes = #fact
for _, value in blobs() do addedBytes = addedBytes + #value end
redis.call('HINCRBY', head, 'bytes', addedBytes)
-- @include store-blobs
-- A turn that makes progress does not crash its workers.
redis.call('HSET', head, 'children', (string.gsub(before .. ' ' .. after, '%s+$', '')), 'deaths', 0)
notify(wake, taskId, record(head, log, now, fact), 'fact')
redis.call('ZREM', answers, answer)
if status == 'parked' then
  -- @include requeue
end
return { 'answered', wantsTicket() }
