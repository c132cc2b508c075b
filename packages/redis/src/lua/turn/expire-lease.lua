--[[ Takes a turn from an attempt whose lease has expired. The turn waits for a worker again, as a new segment.
  Returns 1 taken, 0 when the lease is not due or no longer belongs to the turn. ]]
-- @include lost-attempt
-- @include now
local till = redis.call('ZSCORE', leases, job)
if not till or tonumber(till) > now then return 0 end
local status, currentJob, attempt, open = unpack(redis.call('HMGET', head, 'status', 'job', 'attempt', 'open'))
if status ~= 'running' or currentJob ~= job then
  redis.call('ZREM', leases, job)
  return 0
end
-- The command that a full Redis refuses comes first: the next job could not be added either.
redis.call('HSET', head, 'status', 'queued', 'segment', nextSegment, 'job', nextJob, 'lost', lostAttempt(attempt, open))
redis.call('HDEL', head, 'attempt')
redis.call('ZREM', leases, job)
redis.call('ZADD', outbox, now + lookAfterMs, nextJob)
return 1
