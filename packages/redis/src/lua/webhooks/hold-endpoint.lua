--[[ Holds an endpoint for its worker for longer.
  Returns its mark, or '' when the worker has lost it. ]]
-- @include now
if redis.call('HGET', holders, endpoint) ~= holder then return '' end
if not redis.call('ZSCORE', served, endpoint) then return '' end
redis.call('ZADD', served, now + leaseMs, endpoint)
return redis.call('HGET', marks, endpoint) or '0'
