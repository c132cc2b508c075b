--[[ Records an attempt of a delivery, and what follows from it. Disables an endpoint that wants no more events, or whose
  attempts have all failed for long, and notes the event of it.
  Returns 'recorded' | 'stale' | 'gone' | 'failing': 'stale' when the attempt was given up or the delivery was removed,
  'gone' and 'failing' when it disables the endpoint. Idempotent: the same attempt again is 'stale'. ]]
-- @include now
-- @include note-event
local status, attempts = unpack(redis.call('HMGET', delivery, 'status', 'attempts'))
if status ~= 'pending' or tonumber(attempts) ~= attempt then return 'stale' end
redis.call('HSET', delivery, 'attempt:' .. attempt, entry)
if outcome == 'retry' then
  redis.call('HINCRBY', delivery, 'failures', 1)
  redis.call('ZADD', waiting, now + afterMs, id)
else
  redis.call('HSET', delivery, 'status', outcome == 'delivered' and 'delivered' or 'failed')
  redis.call('ZREM', waiting, id)
end
if redis.call('EXISTS', webhook) == 0 then return 'recorded' end
if outcome == 'delivered' then
  redis.call('HDEL', webhook, 'failures', 'failing')
  return 'recorded'
end
redis.call('HINCRBY', webhook, 'failures', 1)
redis.call('HSETNX', webhook, 'failing', string.format('%.0f', now))
local since, disabled = unpack(redis.call('HMGET', webhook, 'failing', 'disabled'))
local why = outcome == 'gone' and 'gone' or now - tonumber(since) >= failingMs and 'failing'
if disabled or not why then return 'recorded' end
redis.call('HSET', webhook, 'disabled', why)
noteEvent(why == 'gone' and goneEvent or failingEvent)
return why
