-- Queues a parked turn again, as a new segment with its job, which is looked for after `lookAfterMs`.
-- First comes what a full Redis refuses: then the turn stays parked.
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
