--[[ Queues turns again that this version could not run or read when it claimed them: those in `newer`, and those in
  `broken`. A claim then examines them again. A turn in `broken` that is not queued is removed from there.
  Returns { number of turns queued again, 1 when a ticket must be added }. ]]
-- @include now
-- @include ring
-- @include startable
local queuedAgain = 0
local function requeue(job)
  local status, currentJob, workspace, key =
    unpack(redis.call('HMGET', headOf(string.sub(job, 6, 31)), 'status', 'job', 'ws', 'fk'))
  if status == 'queued' and currentJob == job then
    unqueueTurn(job, workspace, key or '')
    queueTurn(job, workspace, key or '', 0)
    queuedAgain = queuedAgain + 1
  end
end
for _, job in ipairs(redis.call('ZRANGE', newerOf(), headVersion + 1, '+inf', 'BYSCORE', 'LIMIT', 0, limit)) do requeue(job) end
for _, job in ipairs(redis.call('ZRANGE', brokenOf(), '-inf', now - brokenAgainMs, 'BYSCORE', 'LIMIT', 0, limit)) do
  -- A head that cannot be read stays here.
  if pcall(requeue, job) then redis.call('ZREM', brokenOf(), job) else redis.call('ZADD', brokenOf(), now, job) end
end
return { queuedAgain, wantsTicket() }
