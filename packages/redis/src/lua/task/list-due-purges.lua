#!lua flags=allow-oom
--[[ Lists tasks whose retention has expired, for the one process that purges the shard. The shard stays assigned to that
  process for `holdMs` from now on.
  Returns the ids of the tasks; none while another process purges the shard. ]]
-- @include now
local due = redis.call('ZRANGEBYSCORE', purges, '-inf', now, 'LIMIT', skip, limit)
if #due == 0 then return due end
local holder = redis.call('GET', purger)
if holder and holder ~= worker then return {} end
redis.call('SET', purger, worker, 'PX', holdMs)
return due
