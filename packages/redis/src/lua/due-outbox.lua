--[[ Takes the outbox entries that are due and makes each due again later, so that one reconciler serves it.
  KEYS 1 outbox
  ARGV 1 now or ''  2 ms until it is due again  3 how many at most
  Returns the job ids. ]]
-- @include record
local now = clock(ARGV[1])
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, tonumber(ARGV[3]))
for _, job in ipairs(due) do redis.call('ZADD', KEYS[1], 'XX', now + tonumber(ARGV[2]), job) end
return due
