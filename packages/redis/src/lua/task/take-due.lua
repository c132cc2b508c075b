--[[ Takes the entries of a set that are due and makes each due again later, so that one process serves it.
  KEYS 1 the set, scored by when its entries are due
  ARGV 1 now or ''  2 ms until it is due again  3 how many at most
  Returns the entries. ]]
-- @include record
local now = clock(ARGV[1])
-- A full Redis refuses this: what is taken could not be served then, and stays due.
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, tonumber(ARGV[3]))
for _, entry in ipairs(due) do redis.call('ZADD', KEYS[1], 'XX', now + tonumber(ARGV[2]), entry) end
return due
