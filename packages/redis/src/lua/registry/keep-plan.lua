--[[ Stores a plan for at least `keepForMs` from now on. A missing plan is stored when the workspace's plans have capacity
  for it. With json '', nothing is stored.
  Returns 'kept', 'missing' or 'full'. ]]
local ms = tonumber(keepForMs)
local left = redis.call('PTTL', plan)
if left == -2 and json == '' then return 'missing' end
-- A slightly shorter time is sufficient, so most calls need not write.
if left >= ms - math.min(ms / 1000, 60000) then return 'kept' end

-- @include now
local size
if left == -2 then
  local ended, freed = redis.call('ZRANGE', plans, '-inf', now, 'BYSCORE', 'LIMIT', 0, 100), 0
  for _, entry in ipairs(ended) do freed = freed + string.match(entry, '%d+$') end
  size = #json
  local full = (redis.call('GET', planBytes) or 0) - freed + size > maxBytes
  -- The command that a full Redis refuses comes first.
  if not full then redis.call('SET', plan, json, 'PX', keepForMs) end
  if #ended > 0 then
    redis.call('ZREM', plans, unpack(ended))
    redis.call('DECRBY', planBytes, freed)
  end
  if full then return 'full' end
else
  -- -1: an older version of the product has stored it without an expiry.
  size = redis.call('STRLEN', plan)
  redis.call('PEXPIRE', plan, keepForMs)
end
if redis.call('ZADD', plans, string.format('%.0f', now + ms), hash .. ' ' .. size) == 1 then
  redis.call('INCRBY', planBytes, size)
end
if redis.call('PTTL', plans) < ms then
  redis.call('PEXPIRE', plans, keepForMs)
  redis.call('PEXPIRE', planBytes, keepForMs)
end
return 'kept'
