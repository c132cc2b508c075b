#!lua flags=allow-oom
--[[ Takes a failed turn out of those that shall go on, because it cannot, and notes why for operators.
  KEYS 1 head  2 redrives
  ARGV 1 the member of redrives  2 turn  3 why
  Returns 1 noted, 0 when the task has another turn by now or is gone. ]]
redis.call('ZREM', KEYS[2], ARGV[1])
local has = redis.call('HMGET', KEYS[1], 'status', 'turn')
if has[1] ~= 'failed' or has[2] ~= ARGV[2] then return 0 end
-- With the turn, since a next one leaves it where it is.
redis.call('HSET', KEYS[1], 'unredriven', ARGV[2] .. ' ' .. ARGV[3])
return 1
