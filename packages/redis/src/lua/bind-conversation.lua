--[[ Binds a conversation to a task, if it is bound to what the caller has seen.
  KEYS 1 the conversation
  ARGV 1 what the caller has seen, or ''  2 what it is to be bound to  3 ms that this is kept
  Returns what it is bound to then. ]]
local bound = redis.call('GET', KEYS[1]) or ''
if bound ~= ARGV[1] and bound ~= ARGV[2] then return bound end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return ARGV[2]
