#!lua flags=allow-oom
--[[ Sets the byte count of a task, unless the task has recorded more since the count. `seenPos` and `seenBytes` are the
  values of the head at that time, '' for none.
  Returns 1 set, 0 when the head has changed. ]]
local pos, bytes = unpack(redis.call('HMGET', head, 'pos', 'bytes'))
if pos ~= seenPos or (bytes or '') ~= seenBytes then return 0 end
redis.call('HSET', head, 'bytes', counted)
return 1
