#!lua flags=allow-oom
--[[ Marks an agent as deleted, so that reconcilers cancel its tasks.
  KEYS 1 deleted agents
  ARGV 1 now or ''  2 agent id ]]
-- @include record
redis.call('ZADD', KEYS[1], clock(ARGV[1]), ARGV[2])
