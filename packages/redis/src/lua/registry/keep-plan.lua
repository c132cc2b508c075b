--[[ Keeps a plan for a time from now on, unless it is kept for longer, and stores it when it is missing and the
  workspace's plans have room for it.
  KEYS 1 plan  2 the workspace's plans, '<hash> <bytes>' by when they end  3 the bytes of these
  ARGV 1 ms  2 the plan as JSON, or '' to store nothing  3 hash  4 how many bytes there may be
  Returns 'kept', 'missing' or 'full'. ]]
-- @include record
local plan, plans, bytes, ms = KEYS[1], KEYS[2], KEYS[3], tonumber(ARGV[1])
local left = redis.call('PTTL', plan)
if left == -2 and ARGV[2] == '' then return 'missing' end
-- A moment less is as good: most uses need write nothing.
if left >= ms - math.min(ms / 1000, 60000) then return 'kept' end

local now = clock('')
local size
if left == -2 then
  local ended, freed = redis.call('ZRANGE', plans, '-inf', now, 'BYSCORE', 'LIMIT', 0, 100), 0
  for _, each in ipairs(ended) do freed = freed + string.match(each, '%d+$') end
  size = #ARGV[2]
  local full = (redis.call('GET', bytes) or 0) - freed + size > tonumber(ARGV[4])
  -- First what a full Redis refuses.
  if not full then redis.call('SET', plan, ARGV[2], 'PX', ARGV[1]) end
  if #ended > 0 then
    redis.call('ZREM', plans, unpack(ended))
    redis.call('DECRBY', bytes, freed)
  end
  if full then return 'full' end
else
  -- -1: an older version of the product has stored it without an end.
  size = redis.call('STRLEN', plan)
  redis.call('PEXPIRE', plan, ARGV[1])
end
if redis.call('ZADD', plans, string.format('%.0f', now + ms), ARGV[3] .. ' ' .. size) == 1 then
  redis.call('INCRBY', bytes, size)
end
if redis.call('PTTL', plans) < ms then
  redis.call('PEXPIRE', plans, ARGV[1])
  redis.call('PEXPIRE', bytes, ARGV[1])
end
return 'kept'
