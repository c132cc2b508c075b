--[[ Stores the first version of an item, unless another item has its key, or the workspace has as much as it may have.
  Returns 'created' | 'taken' | 'full' | 'full_bytes'. Idempotent: again with the same id, 'created' and no change. ]]
if redis.call('EXISTS', item) == 1 then return 'created' end
if redis.call('HEXISTS', names, key) == 1 then return 'taken' end
if redis.call('ZCARD', index) >= maxItems then return 'full' end
if (redis.call('GET', definitionBytes) or 0) + #json > maxBytes then return 'full_bytes' end
redis.call('HSET', item, 'key', key, 'version', version, 'latest', json, 'bytes', #json)
redis.call('HSET', names, key, id)
-- All scores are equal: the order is that of the ids, which begin with their time.
redis.call('ZADD', index, 0, id)
redis.call('INCRBY', definitionBytes, #json)
return 'created'
