#!lua
--[[ Binds a conversation to a task, if it is bound to what the caller has seen. One that is new, or has expired since, is
  bound when there is room for it.
  KEYS 1 the conversation  2 the workspace's conversations, by when they end
  ARGV 1 what the caller has seen, or ''  2 what it is to be bound to  3 ms that this is kept
       4 the conversation as the second key has it  5 how many there may be
  Returns what it is bound to then, '' when there is no room. ]]
-- @include record
local conversation, all = KEYS[1], KEYS[2]
local bound = redis.call('GETEX', conversation, 'PX', ARGV[3])
local now = clock('')
if not bound then
  redis.call('ZREMRANGEBYSCORE', all, '-inf', now)
  if redis.call('ZCARD', all) >= tonumber(ARGV[5]) then return '' end
end
if not bound or (bound == ARGV[1] and bound ~= ARGV[2]) then
  bound = ARGV[2]
  redis.call('SET', conversation, bound, 'PX', ARGV[3])
end
redis.call('ZADD', all, string.format('%.0f', now + ARGV[3]), ARGV[4])
return bound
