--[[ Looks whether endpoints are due.
  Returns { their number or `limit`, waiting tickets, milliseconds until the next is due or '', the longest wait }. ]]
-- @include now
local due = redis.call('ZRANGEBYSCORE', dueEndpoints, '-inf', now, 'WITHSCORES', 'LIMIT', 0, limit)
local lost = redis.call('ZCOUNT', served, '-inf', now)
local _, score = unpack(redis.call('ZRANGEBYSCORE', dueEndpoints, '(' .. now, '+inf', 'WITHSCORES', 'LIMIT', 0, 1))
local _, ends = unpack(redis.call('ZRANGEBYSCORE', served, '(' .. now, '+inf', 'WITHSCORES', 'LIMIT', 0, 1))
local next = math.min(tonumber(score) or math.huge, tonumber(ends) or math.huge)
return { #due / 2 + lost, redis.call('LLEN', tickets), next < math.huge and math.ceil(next - now) or '',
  due[2] and math.floor(now - due[2]) or 0 }
