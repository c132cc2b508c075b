#!lua flags=allow-oom
--[[ Hands a turn back, so that any worker may take the same segment at once.
  KEYS 1 head  2 outbox  3 leases
  ARGV 1 now or ''  2 attempt id
  Returns 1 released, 0 fenced. ]]
-- @include record
local has = redis.call('HMGET', KEYS[1], 'attempt', 'status', 'job')
if has[1] ~= ARGV[2] or has[2] ~= 'running' then return 0 end
redis.call('HSET', KEYS[1], 'status', 'queued')
redis.call('HDEL', KEYS[1], 'attempt', 'by')
redis.call('ZREM', KEYS[3], has[3])
redis.call('ZADD', KEYS[2], clock(ARGV[1]) + 5000, has[3])
return 1
