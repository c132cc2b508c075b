--[[ Ends the service of an endpoint by its worker, unless something was put there since its mark was read.
  Returns 1 when the worker serves it no more, 0 when it must look again. ]]
-- @include now
if redis.call('HGET', holders, endpoint) ~= holder then return 1 end
if (redis.call('HGET', marks, endpoint) or '0') ~= mark then return 0 end
if nextMs then
  redis.call('ZADD', dueEndpoints, now + nextMs, endpoint)
else
  redis.call('HDEL', marks, endpoint)
end
redis.call('HDEL', holders, endpoint)
redis.call('ZREM', served, endpoint)
return 1
