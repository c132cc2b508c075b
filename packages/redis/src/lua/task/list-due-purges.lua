#!lua flags=allow-oom
--[[ Lists tasks whose retention is over, for the one process that purges the shard.
  KEYS 1 forget  2 purger
  ARGV 1 now or ''  2 id of the process  3 how many at most  4 how many of the first to leave out
       5 ms that the shard stays with the process
  Returns the tasks' ids; none while another process purges the shard. ]]
-- @include record
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', clock(ARGV[1]), 'LIMIT', ARGV[4], ARGV[3])
if #due == 0 then return due end
local purger = redis.call('GET', KEYS[2])
if purger and purger ~= ARGV[2] then return {} end
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[5])
return due
