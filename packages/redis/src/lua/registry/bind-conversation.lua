#!lua
--[[ Binds a conversation to a task, if it is bound to what the caller has seen (`seen`, or '' for nothing). A new or
  expired conversation is bound when there is room for it.
  Returns what it is bound to then, '' when there is no room. ]]
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
