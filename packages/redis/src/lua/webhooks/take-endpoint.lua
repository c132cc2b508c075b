--[[ Takes the endpoint that has been due for longest, for one worker. Endpoints of silent workers are due again.
  Returns its name, or '' when none is due. ]]
-- @include now
for _, lost in ipairs(redis.call('ZRANGEBYSCORE', served, '-inf', now, 'LIMIT', 0, 10)) do
  redis.call('ZADD', dueEndpoints, now, lost)
  redis.call('ZREM', served, lost)
end
local endpoint = redis.call('ZRANGEBYSCORE', dueEndpoints, '-inf', now, 'LIMIT', 0, 1)[1]
if not endpoint then return '' end
redis.call('ZADD', served, now + leaseMs, endpoint)
redis.call('HSET', holders, endpoint, holder)
redis.call('ZREM', dueEndpoints, endpoint)
return endpoint
