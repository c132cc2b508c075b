#!lua flags=allow-oom
--[[ Stores the largest number of shards that a process has ever had.
  Returns the largest number. ]]
local known = tonumber(redis.call('GET', shardCount) or '0')
if known >= own then return known end
redis.call('SET', shardCount, own)
return own
