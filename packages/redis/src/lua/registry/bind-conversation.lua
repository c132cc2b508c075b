#!lua
--[[ Binds a conversation to a task, provided that its binding is what the caller has seen (`seen`, or '' for none). A new
  or expired conversation is bound only when the workspace has capacity.
  Returns the binding after that, or '' when there is no capacity. ]]
local bound = redis.call('GETEX', conversation, 'PX', keepForMs)
-- @include now
if not bound then
  redis.call('ZREMRANGEBYSCORE', conversations, '-inf', now)
  if redis.call('ZCARD', conversations) >= maxConversations then return '' end
end
if not bound or (bound == seen and bound ~= target) then
  bound = target
  redis.call('SET', conversation, bound, 'PX', keepForMs)
end
redis.call('ZADD', conversations, string.format('%.0f', now + keepForMs), hash)
return bound
