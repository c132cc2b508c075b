-- @late
-- Queues a turn of `due` whose time has come. A claim examines whether it may start. The command that a full Redis
-- refuses comes first.
local function queueDueTurn(job)
  local status, currentJob, workspace, key, rank, class =
    unpack(redis.call('HMGET', headOf(string.sub(job, 6, 31)), 'status', 'job', 'ws', 'fk', 'rank', 'class'))
  if status == 'queued' and currentJob == job then queueTurn(job, workspace, key or '', rank, class or nil) end
  redis.call('ZREM', dueOf(), job)
end

-- Queues at most `limit` turns whose time has come. Returns their number.
local function queueDue(limit)
  local jobs = redis.call('ZRANGE', dueOf(), '-inf', now, 'BYSCORE', 'LIMIT', 0, limit)
  for _, job in ipairs(jobs) do
    local ok, failure = pcall(queueDueTurn, job)
    if not ok and isRefusal(failure) then break end
    if not ok then
      redis.call('ZADD', brokenOf(), now, job)
      redis.call('ZREM', dueOf(), job)
    end
  end
  markDue()
  return #jobs
end
-- @end
