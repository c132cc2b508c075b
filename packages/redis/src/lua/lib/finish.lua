-- Ends the live turn: its last fact, its result, out of every set that held it, among those that failed
-- if it did, and on the way to be forgotten; whom it has called is cancelled, and who has called it is to be
-- answered. Returns as record does, and 1 where there are such, 0 where there are none.
local function finish(turn, now, fact, status, result)
  local has = redis.call('HMGET', turn.head, 'job', 'open', 'keep', 'parent', 'children')
  local job = has[1]
  abandon(turn.head, turn.log, now, has[2])
  local pos, length = record(turn.head, turn.log, now, fact)
  redis.call('HSET', turn.head, 'status', status, 'result', result)
  redis.call('HDEL', turn.head, 'cancel')
  redis.call('ZREM', turn.outbox, job)
  redis.call('ZREM', turn.leases, job)
  redis.call('ZREM', turn.deadlines, deadlineOf(job), wakeOf(job))
  if status == 'failed' then redis.call('ZADD', turn.failed, now, turn.task) end
  redis.call('ZADD', turn.forget, now + tonumber(has[3]), turn.task)
  -- An hour for whoever is still reading along; the log tells the whole for as long as the task is kept.
  redis.call('EXPIRE', turn.deltas, 3600)
  if has[4] then redis.call('ZADD', turn.answers, now + 2000, turn.task .. ' ' .. has[4]) end
  cancelChildren(turn.deadlines, now, has[5])
  hint(turn.wake, turn.task, pos, 'end')
  return pos, length, (has[4] or has[5]) and 1 or 0
end
