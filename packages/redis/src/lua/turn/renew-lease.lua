#!lua flags=allow-oom
--[[ Renews an attempt's lease. An expired lease is not renewed: the attempt has stopped by then, and a heartbeat that
  waited for Redis would only delay the next attempt.
  Returns { 1 renewed | 0 lost, cancel requested 0|1 }. ]]
local holder, status, job, cancel = unpack(redis.call('HMGET', head, 'attempt', 'status', 'job', 'cancel'))
local cancelRequested = cancel and 1 or 0
if holder ~= attempt or status ~= 'running' then return { 0, cancelRequested } end
-- @include now
local till = redis.call('ZSCORE', leases, job)
if not till or tonumber(till) <= now then return { 0, cancelRequested } end
redis.call('ZADD', leases, now + lockMs, job)
return { 1, cancelRequested }
