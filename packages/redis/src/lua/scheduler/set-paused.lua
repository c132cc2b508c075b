#!lua flags=allow-oom
--[[ Pauses a shard, so that no turn starts, or ends the pause.
  Returns 1 when a ticket must be added. ]]
-- @include now
-- @include startable
if isPaused then
  redis.call('ZADD', ring, -3, '!paused')
elseif redis.call('ZREM', ring, '!paused') == 1 then
  -- The turns that have waited for this record it.
  redis.call('HSET', scheduler, 'resumed-at', string.format('%.0f', now))
end
return wantsTicket()
