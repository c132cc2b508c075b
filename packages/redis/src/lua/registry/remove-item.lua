#!lua flags=allow-oom
--[[ Removes an item with all its versions and frees its key. The names of the last `maxFormer` removed items are kept;
  with 0, the name of this one is not.
  Returns 1 removed, 0 when it did not exist. ]]
-- @include note-event
local key, bytes = unpack(redis.call('HMGET', item, 'key', 'bytes'))
if not key then return 0 end
if maxFormer > 0 then
  redis.call('HSET', formerNames, key, id, id, key)
  redis.call('RPUSH', former, id)
  while redis.call('LLEN', former) > maxFormer do
    local oldest = redis.call('LPOP', former)
    local oldKey = redis.call('HGET', formerNames, oldest)
    redis.call('HDEL', formerNames, oldest)
    -- Another item may have had the key later.
    if oldKey and redis.call('HGET', formerNames, oldKey) == oldest then redis.call('HDEL', formerNames, oldKey) end
  end
end
redis.call('HDEL', names, key)
redis.call('ZREM', index, id)
redis.call('UNLINK', item)
if bytes and redis.call('DECRBY', definitionBytes, bytes) <= 0 then redis.call('DEL', definitionBytes) end
noteEvent(event)
return 1
