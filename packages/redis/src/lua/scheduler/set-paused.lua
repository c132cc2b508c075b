#!lua flags=allow-oom
--[[ Pauses a shard, so that no turn starts, or ends the pause.
  Returns 1 when a ticket must be added. ]]
-- @include now
-- @include startable
if isPaused then
  redis.call('ZADD', ring, -3, '!paused')
else
  redis.call('ZREM', ring, '!paused')
end
return wantsTicket()
