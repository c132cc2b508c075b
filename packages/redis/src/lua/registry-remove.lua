--[[ Removes an item with all its versions and frees its key.
  KEYS 1 item  2 names (key → id)  3 index  4 the bytes of all items of the workspace
  ARGV 1 id
  Returns 1 removed, 0 there was none. ]]
local item, names, index = KEYS[1], KEYS[2], KEYS[3]
local has = redis.call('HMGET', item, 'key', 'bytes')
if not has[1] then return 0 end
redis.call('HDEL', names, has[1])
redis.call('ZREM', index, ARGV[1])
redis.call('UNLINK', item)
if has[2] and redis.call('DECRBY', KEYS[4], has[2]) <= 0 then redis.call('DEL', KEYS[4]) end
return 1
