#!lua flags=allow-oom
--[[ Looks whether a turn can start, and whether a ticket waits.
  Returns { 1 when a turn can start, number of waiting tickets, ms until a returned turn may start or '' }. ]]
-- @include now
-- @include startable
local due = redis.call('ZRANGE', returned, 0, 0, 'WITHSCORES')[2]
return { isStartable() and 1 or 0, redis.call('LLEN', tickets), due and math.max(0, tonumber(due) - now) or '' }
