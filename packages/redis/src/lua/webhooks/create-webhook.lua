--[[ Stores an endpoint, unless another one has its id or the workspace has as many as it may have.
  Returns 'created' | 'taken' | 'full'. Idempotent: the same endpoint again changes nothing and returns 'created'. ]]
local stored = redis.call('HGET', webhook, 'json')
if stored then return stored == json and 'created' or 'taken' end
if redis.call('ZCARD', webhooks) >= maxWebhooks then return 'full' end
redis.call('HSET', webhook, 'json', json, 'revision', 1)
redis.call('ZADD', webhooks, createdAt, id)
return 'created'
