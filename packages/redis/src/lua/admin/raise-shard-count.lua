#!lua flags=allow-oom
--[[ Keeps the largest number of shards that a process has had.
  KEYS 1 number of shards
  ARGV 1 the caller's number
  Returns the largest number ]]
local known = tonumber(redis.call('GET', KEYS[1]) or '0')
local own = tonumber(ARGV[1])
if known >= own then return known end
redis.call('SET', KEYS[1], ARGV[1])
return own
