--[[ Takes the due entries of a set and makes each due again later, so that only one process serves it.
  Returns the entries. ]]
-- @include now
-- A full Redis refuses this command. The entries then stay due, because they could not be served.
local due = redis.call('ZRANGEBYSCORE', set, '-inf', now, 'LIMIT', 0, limit)
for _, entry in ipairs(due) do redis.call('ZADD', set, 'XX', now + againMs, entry) end
return due
