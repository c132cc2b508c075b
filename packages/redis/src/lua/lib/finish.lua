-- Ends the live turn with `endFact`, `endStatus` and `result`: takes it out of every set that held it, puts it among the
-- failed turns if it failed, and sets when its task is purged. The tasks that it has called are to be cancelled, and
-- the turn that has called it is to be answered. Sets `pos` and `length` as record returns them, and `hasLinks` to 1
-- where there are such tasks, to 0 where there are none.
do
  local job, open, keptMs, parent, children = unpack(redis.call('HMGET', head, 'job', 'open', 'keep', 'parent', 'children'))
  -- @include abandon-parts
  pos, length = record(head, log, now, endFact)
  redis.call('HSET', head, 'status', endStatus, 'result', result)
  redis.call('HDEL', head, 'cancel')
  redis.call('ZREM', outbox, job)
  redis.call('ZREM', leases, job)
  redis.call('ZREM', deadlines, deadlineOf(job), wakeOf(job))
  if endStatus == 'failed' then redis.call('ZADD', failed, now, taskId) end
  redis.call('ZADD', purges, now + tonumber(keptMs), taskId)
  redis.call('EXPIRE', deltas, deltasKeptSeconds)
  if parent then redis.call('ZADD', answers, now + answerLostAfterMs, taskId .. ' ' .. parent) end
  cancelChildren(deadlines, now, children)
  notify(wake, taskId, pos, 'end')
  hasLinks = (parent or children) and 1 or 0
end
