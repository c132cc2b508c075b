--[[ Notes that something is due for an endpoint. The worker that serves it sees the changed mark.
  Returns 1 when a ticket must be added. ]]
-- @include now
redis.call('HINCRBY', marks, endpoint, 1)
if tonumber(redis.call('ZSCORE', served, endpoint) or 0) > now then return 0 end
local due = redis.call('ZSCORE', dueEndpoints, endpoint)
if due and tonumber(due) <= now then return 0 end
redis.call('ZADD', dueEndpoints, now, endpoint)
return 1
