-- Queues a parked turn again, as a new segment with a job, which is checked after `lookAfterMs`. The commands that a
-- full Redis refuses come first, so that the turn then stays parked.
do
  local job, segment, turn = unpack(redis.call('HMGET', head, 'job', 'segment', 'turn'))
  local newSegment = tonumber(segment) + 1
  local newJob = string.match(job, '^[^.]+') .. '.' .. newSegment
  redis.call('HSET', head, 'status', 'queued', 'segment', newSegment, 'job', newJob)
  redis.call('ZREM', deadlines, wakeOf(job))
  redis.call('ZADD', outbox, now + lookAfterMs, newJob)
  local at = string.format('%.0f', now)
  local jobData = '{"taskId":"' .. taskId .. '","turn":' .. turn .. ',"segment":' .. newSegment .. '}'
  -- @include add-job
end
