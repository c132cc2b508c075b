--[[ Queues turns that an earlier version has queued in its outbox, and carries over a pause that it has begun. When the
  outbox is empty, the jobs that still wait in the queue of that version name no queued turn, and are removed. Turns of a
  newer version stay for its workers.
  Returns { number of turns, 1 when more are left, 1 when a ticket must be added }. ]]
-- @include now
-- @include ring
-- @include startable
if redis.call('HEXISTS', formerMeta, 'paused') == 1 then redis.call('ZADD', ring, -3, '!paused') end
local jobs = redis.call('ZRANGE', outbox, 0, limit - 1)
local adopted = 0
for _, job in ipairs(jobs) do
  local head = headOf(string.sub(job, 6, 31))
  local status, currentJob, workspace, key, rank, version, started =
    unpack(redis.call('HMGET', head, 'status', 'job', 'ws', 'fk', 'rank', 'v', 'started'))
  local isNewer = version and tonumber(version) > headVersion
  if not isNewer and status == 'queued' and currentJob == job then
    -- @include rank-of-former
    redis.call('HSET', head, 'v', headVersion, 'rank', rank)
    queueTurn(job, workspace, key or '', rank)
    adopted = adopted + 1
  end
  if not isNewer then redis.call('ZREM', outbox, job) end
end
local isMoreLeft = adopted == limit
if #jobs == 0 then
  for _, list in ipairs({ formerWait, formerPaused }) do
    local former = redis.call('LRANGE', list, 0, limit - 1)
    for _, job in ipairs(former) do redis.call('DEL', string.match(formerWait, '^(.*)wait$') .. job) end
    if #former > 0 then redis.call('LTRIM', list, #former, -1) end
    isMoreLeft = isMoreLeft or #former == limit
  end
end
return { adopted, isMoreLeft and 1 or 0, wantsTicket() }
