--[[ Takes due schedules, and makes each due again later, so that only one process serves it.
  Returns { now, ms until the next one is due or '', ids }. ]]
-- @include now
-- A full Redis refuses this command. The schedules then stay due, because they could not be served.
local ids = redis.call('ZRANGEBYSCORE', dueSchedules, '-inf', now, 'LIMIT', 0, limit)
for _, id in ipairs(ids) do redis.call('ZADD', dueSchedules, 'XX', now + takenMs, id) end
local first = redis.call('ZRANGE', dueSchedules, 0, 0, 'WITHSCORES')[2]
return { now, first and math.max(0, first - now) or '', ids }
