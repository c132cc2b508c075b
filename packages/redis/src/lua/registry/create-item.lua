--[[ Stores the first version of an item, unless another item has its key, or the workspace has as much as it may have.
  KEYS 1 item  2 names (key → id)  3 index  4 the bytes of all items of the workspace, counted by these scripts
  ARGV 1 id  2 key  3 version  4 the item as JSON  5 how many items there may be  6 how many bytes
  Returns 'created' | 'taken' | 'full' | 'full_bytes'. Again with the same id: 'created', and nothing changes. ]]
local item, names, index, bytes = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local id, key, version, json = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
if redis.call('EXISTS', item) == 1 then return 'created' end
if redis.call('HEXISTS', names, key) == 1 then return 'taken' end
if redis.call('ZCARD', index) >= tonumber(ARGV[5]) then return 'full' end
if (redis.call('GET', bytes) or 0) + #json > tonumber(ARGV[6]) then return 'full_bytes' end
redis.call('HSET', item, 'key', key, 'version', version, 'latest', json, 'bytes', #json)
redis.call('HSET', names, key, id)
-- All scores are equal: the order is that of the ids, which begin with their time.
redis.call('ZADD', index, 0, id)
redis.call('INCRBY', bytes, #json)
return 'created'
