#!lua flags=allow-oom
--[[ Removes a failed turn from those that are to be redriven, because it cannot be, and records why for operators.
  Returns 1 recorded, 0 when the task has another turn by now or is gone. ]]
redis.call('ZREM', redrives, redrive)
local status, liveTurn = unpack(redis.call('HMGET', head, 'status', 'turn'))
if status ~= 'failed' or liveTurn ~= turn then return 0 end
-- With the turn, since a next one leaves it where it is.
redis.call('HSET', head, 'unredriven', turn .. ' ' .. reason)
return 1
