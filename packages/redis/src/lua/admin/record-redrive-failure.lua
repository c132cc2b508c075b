#!lua flags=allow-oom
--[[ Removes a failed turn that cannot be redriven from the redrives, and records the reason for operators.
  Returns 1 recorded, 0 when the task has another turn now or no longer exists. ]]
redis.call('ZREM', redrives, redrive)
local status, liveTurn = unpack(redis.call('HMGET', head, 'status', 'turn'))
if status ~= 'failed' or liveTurn ~= turn then return 0 end
-- The turn is stored too, because the next turn does not remove the field.
redis.call('HSET', head, 'unredriven', turn .. ' ' .. reason)
return 1
