--[[ Stores a delivery, which is then due, if its endpoint exists. `json` is an endpoint that only a request has named: it
  is stored for as long as its deliveries are kept. If it was disabled, the new request enables it again.
  Returns 'put' | 'known' | 'gone'. Idempotent: the same id again changes nothing and returns 'known'. ]]
-- @include now
if redis.call('EXISTS', delivery) == 1 then return 'known' end
if json ~= '' then
  redis.call('HSET', webhook, 'json', json, 'revision', 1)
  redis.call('HDEL', webhook, 'disabled', 'failing', 'failures')
end
if redis.call('EXISTS', webhook) == 0 then return 'gone' end
redis.call('HSET', delivery, 'webhook', webhookId, 'type', eventType, 'body', body, 'created', string.format('%.0f', now),
  'status', 'pending', 'attempts', 0, 'failures', 0)
redis.call('PEXPIRE', delivery, keptMs)
redis.call('ZADD', waiting, now, id)
redis.call('ZADD', deliveries, now, id)
redis.call('ZREMRANGEBYSCORE', deliveries, '-inf', now - keptMs)
redis.call('PEXPIRE', waiting, keptMs)
redis.call('PEXPIRE', deliveries, keptMs)
if json ~= '' then redis.call('PEXPIRE', webhook, keptMs) end
return 'put'
