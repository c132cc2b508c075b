--[[ Adds what ended turns have used to the buckets of usage, and removes these turns from the list of those that are not
  counted. A bucket counts at most `maxValues` agents, models or identities apart; the value '' counts the others.
  Returns 1, or 0 when nothing was changed, because another worker has counted the first of these turns.
  Idempotent: a repetition finds other turns at the start of the list. ]]
if redis.call('LINDEX', uncounted, 0) ~= first then return 0 end
redis.call('LTRIM', uncounted, turns, -1)
for bucket, name, by in counts() do redis.call('HINCRBY', bucket, name, by) end
for bucket, name, value, by in groups() do
  local known = redis.call('HEXISTS', bucket, 'requests ' .. value) == 1
  if not known and name ~= 'requests' or not known and tonumber(redis.call('HGET', bucket, 'values') or 0) >= maxValues then
    value = ''
  elseif not known then
    redis.call('HINCRBY', bucket, 'values', 1)
  end
  redis.call('HINCRBY', bucket, name .. ' ' .. value, by)
end
for bucket, time in expiries() do redis.call('PEXPIREAT', bucket, time) end
return 1
