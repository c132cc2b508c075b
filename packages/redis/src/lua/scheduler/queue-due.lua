--[[ Queues the turns whose start has come.
  Returns { number of turns, ms until the next one may start or '', 1 when a ticket must be added }. ]]
-- @include now
-- @include ring
-- @include startable
-- @include refusal
-- @include due
local queued = queueDue(limit)
local first = redis.call('ZRANGE', dueOf(), 0, 0, 'WITHSCORES')[2]
return { queued, first and math.max(0, first - now) or '', wantsTicket() }
