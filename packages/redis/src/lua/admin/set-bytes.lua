#!lua flags=allow-oom
--[[ Sets how many bytes a task has recorded, unless it has recorded more since they were counted: `seenPos` and
  `seenBytes` are what the head had then, '' for none.
  Returns 1 set, 0 moved. ]]
local pos, bytes = unpack(redis.call('HMGET', head, 'pos', 'bytes'))
if pos ~= seenPos or (bytes or '') ~= seenBytes then return 0 end
redis.call('HSET', head, 'bytes', counted)
return 1
