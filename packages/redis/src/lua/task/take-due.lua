--[[ Takes the entries of a set that are due and makes each due again later, so that one process serves it.
  Returns the entries. ]]
-- @include now
-- A full Redis refuses this: what is taken could not be served then, and stays due.
local due = redis.call('ZRANGEBYSCORE', set, '-inf', now, 'LIMIT', 0, limit)
for _, entry in ipairs(due) do redis.call('ZADD', set, 'XX', now + againMs, entry) end
return due
