#!lua
--[[ Stores a watch token until it expires, unless the workspace has reached its limit.
  Returns 1 stored, 0 when there are too many. ]]
-- @include now
redis.call('ZREMRANGEBYSCORE', watchTokens, '-inf', now)
if redis.call('ZCARD', watchTokens) >= maxTokens and not redis.call('ZSCORE', watchTokens, hash) then return 0 end
redis.call('SET', watchToken, opens, 'PX', validMs)
redis.call('ZADD', watchTokens, string.format('%.0f', now + validMs), hash)
if redis.call('PTTL', watchTokens) < tonumber(validMs) then redis.call('PEXPIRE', watchTokens, validMs) end
return 1
