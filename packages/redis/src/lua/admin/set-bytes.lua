#!lua flags=allow-oom
--[[ Sets how many bytes a task has recorded, unless it has recorded more since they were counted.
  KEYS 1 head
  ARGV 1 pos and 2 bytes that the head had then, '' for none  3 the bytes that were counted
  Returns 1 set, 0 moved. ]]
local has = redis.call('HMGET', KEYS[1], 'pos', 'bytes')
if has[1] ~= ARGV[1] or (has[2] or '') ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], 'bytes', ARGV[3])
return 1
