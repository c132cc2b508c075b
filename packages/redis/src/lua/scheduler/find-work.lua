#!lua flags=allow-oom
--[[ Looks whether a turn can start, and whether a ticket waits.
  Returns { 1 when a turn can start, number of waiting tickets, ms until a returned turn or a closed class may start or '' }. ]]
-- @include now
-- @include startable
local due = tonumber(redis.call('ZRANGE', returnedOf(), 0, 0, 'WITHSCORES')[2])
local opens = tonumber(redis.call('ZRANGE', closedOf(), 0, 0, 'WITHSCORES')[2])
if opens then due = math.min(due or opens, opens) end
return { isStartable() and 1 or 0, redis.call('LLEN', tickets), due and math.max(0, due - now) or '' }
