#!lua flags=allow-oom
--[[ Tells that a worker process lives, and forgets those that have been silent for an hour.
  KEYS 1 workers
  ARGV 1 now or ''  2 id of the process ]]
-- @include record
local now = clock(ARGV[1])
redis.call('ZADD', KEYS[1], now, ARGV[2])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - 3600000)
