--[[ Stores the first version of an item, unless another item has its key or the workspace has reached a limit.
  Returns 'created' | 'taken' | 'full' | 'full_bytes'. Idempotent: with the same id again, 'created' and no change. ]]
-- @include note-event
if redis.call('EXISTS', item) == 1 then return 'created' end
if redis.call('HEXISTS', names, key) == 1 then return 'taken' end
if redis.call('ZCARD', index) >= maxItems then return 'full' end
if (redis.call('GET', definitionBytes) or 0) + #json > maxBytes then return 'full_bytes' end
redis.call('HSET', item, 'key', key, 'version', version, 'latest', json, 'bytes', #json)
redis.call('HSET', names, key, id)
-- All scores are equal, so items are sorted by id, and ids begin with their time.
redis.call('ZADD', index, 0, id)
redis.call('INCRBY', definitionBytes, #json)
noteEvent(event)
return 'created'
