#!lua flags=allow-oom
--[[ Marks an agent as deleted, so that reconcilers cancel its tasks or delete them. To delete them is not taken back.
  KEYS 1 deleted agents whose tasks are cancelled  2 those whose tasks are deleted
  ARGV 1 now or ''  2 agent id  3 'cancel' | 'delete' ]]
-- @include record
local now, agent = clock(ARGV[1]), ARGV[2]
if ARGV[3] == 'delete' then
  redis.call('ZADD', KEYS[2], now, agent)
  redis.call('ZREM', KEYS[1], agent)
elseif not redis.call('ZSCORE', KEYS[2], agent) then
  redis.call('ZADD', KEYS[1], now, agent)
end
