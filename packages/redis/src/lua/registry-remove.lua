--[[ Removes an item with all its versions and frees its key.
  KEYS 1 item  2 names (key → id)  3 index
  ARGV 1 id
  Returns 1 removed, 0 there was none. ]]
local item, names, index = KEYS[1], KEYS[2], KEYS[3]
local key = redis.call('HGET', item, 'key')
if not key then return 0 end
redis.call('HDEL', names, key)
redis.call('ZREM', index, ARGV[1])
redis.call('UNLINK', item)
return 1
