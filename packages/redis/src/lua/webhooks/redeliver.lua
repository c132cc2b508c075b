--[[ Makes a delivery due again after `afterMs`, with all its attempts. With `onlyFailed`, only one that has failed.
  Returns 'pending' | 'not_found' | 'disabled' | 'unchanged'. A delivery that is pending is due now. ]]
-- @include now
local stored, status = unpack(redis.call('HMGET', delivery, 'webhook', 'status'))
local json, disabled = unpack(redis.call('HMGET', webhook, 'json', 'disabled'))
if not json or stored ~= webhookId then return 'not_found' end
if disabled or cjson.decode(json).enabled == false then return 'disabled' end
if onlyFailed and status ~= 'failed' then return 'unchanged' end
redis.call('HSET', delivery, 'status', 'pending', 'failures', 0)
redis.call('ZADD', waiting, now + afterMs, id)
redis.call('PEXPIRE', delivery, keptMs)
redis.call('PEXPIRE', waiting, keptMs)
return 'pending'
