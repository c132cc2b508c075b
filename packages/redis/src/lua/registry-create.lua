--[[ Stores the first version of an item, unless another item has its key.
  KEYS 1 item  2 names (key → id)  3 index
  ARGV 1 id  2 key  3 version  4 the item as JSON
  Returns 'created' | 'taken'. Again with the same id: 'created', and nothing changes. ]]
local item, names, index = KEYS[1], KEYS[2], KEYS[3]
local id, key, version, json = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
if redis.call('EXISTS', item) == 1 then return 'created' end
if redis.call('HEXISTS', names, key) == 1 then return 'taken' end
redis.call('HSET', item, 'key', key, 'version', version, 'latest', json)
redis.call('HSET', names, key, id)
-- All scores are equal: the order is that of the ids, which begin with their time.
redis.call('ZADD', index, 0, id)
return 'created'
