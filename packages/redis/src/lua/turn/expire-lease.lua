--[[ Takes a turn from an attempt whose lease has expired. It starts again before all turns that no worker has had.
  Returns { 1 taken | 0 when the lease is not due or no longer belongs to the turn, 1 when a ticket must be added }. ]]
-- @include lost-attempt
-- @include now
-- @include ring
-- @include startable
local till = redis.call('ZSCORE', leases, job)
if not till or tonumber(till) > now then return { 0, 0 } end
local status, currentJob, attempt, open, workspace, key, since, version, rank, started =
  unpack(redis.call('HMGET', head, 'status', 'job', 'attempt', 'open', 'ws', 'fk', 'since', 'v', 'rank', 'started'))
if status ~= 'running' or currentJob ~= job then
  redis.call('ZREM', leases, job)
  return { 0, 0 }
end
-- @include rank-of-former
-- The command that a full Redis refuses comes first: the turn could not be queued either.
redis.call('HSET', head, 'status', 'queued', 'lost', lostAttempt(attempt, open), 'rank', rank,
  'v', math.max(tonumber(version), headVersion))
redis.call('HDEL', head, 'attempt')
redis.call('ZREM', leases, job)
freeSlot(job, workspace, key or '', since, 0, 0)
queueBefore(returnedOf(), '!returned', now, job)
return { 1, wantsTicket() }
