-- Queues a parked turn again, as a new segment with its job. `again`: ms until a lost job is looked for.
-- First comes what a full Redis refuses: then the turn waits on.
local function requeue(turn, task, now, again, prefix, queue)
  local has = redis.call('HMGET', turn.head, 'job', 'segment', 'turn')
  local segment = tonumber(has[2]) + 1
  local job = string.match(has[1], '^[^.]+') .. '.' .. segment
  redis.call('HSET', turn.head, 'status', 'queued', 'segment', segment, 'job', job)
  redis.call('ZREM', turn.deadlines, wakeOf(has[1]))
  redis.call('ZADD', turn.outbox, now + again, job)
  local data = '{"taskId":"' .. task .. '","turn":' .. has[3] .. ',"segment":' .. segment .. '}'
  addJob(queue, prefix, string.format('%.0f', now), job, data)
end
