--[[ Begins attempts of deliveries of an endpoint that are due, as many as its rate allows. A delivery whose attempt is not
  recorded is due again after the lease.
  Returns { fields of the endpoint, { id, body, attempt, failures with this one } of each, milliseconds until the next is due or
  '' }. A disabled endpoint begins nothing, and neither does one that was removed, which has no fields. ]]
-- @include now
local json, revision, failures, disabled, allowance =
  unpack(redis.call('HMGET', webhook, 'json', 'revision', 'failures', 'disabled', 'allowance'))
if not json then
  redis.call('DEL', waiting)
  return { {}, {}, '' }
end
local fields = { json, revision, failures or 0, disabled or '' }
if disabled or cjson.decode(json).enabled == false then return { fields, {}, '' } end
-- The rate: `allowance` is the time at which the next request would be exactly on the rate.
local interval = 1000 / perSecond
local earliest = now - interval * (burst - 1)
local at = math.max(tonumber(allowance or 0), earliest)
local allowed = math.max(0, math.min(limit, math.floor((now - at) / interval) + 1))
local begun = {}
if allowed > 0 then
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', waiting, '-inf', now, 'LIMIT', 0, allowed)) do
    local key = deliveryOf(id)
    local body, status, failed = unpack(redis.call('HMGET', key, 'body', 'status', 'failures'))
    if status ~= 'pending' then
      redis.call('ZREM', waiting, id)
    else
      redis.call('ZADD', waiting, now + leaseMs, id)
      local attempt = redis.call('HINCRBY', key, 'attempts', 1)
      begun[#begun + 1] = { id, body, attempt, failed + 1 }
    end
  end
  if #begun > 0 then redis.call('HSET', webhook, 'allowance', at + interval * #begun) end
end
local _, score = unpack(redis.call('ZRANGE', waiting, 0, 0, 'WITHSCORES'))
if not score then return { fields, begun, '' } end
local rateMs = math.max(0, at + interval * #begun - now)
return { fields, begun, math.ceil(math.max(tonumber(score) - now, rateMs, 0)) }
