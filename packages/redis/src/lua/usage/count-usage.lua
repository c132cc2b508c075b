--[[ Adds what ended turns have used to the buckets of usage, and removes these turns from the list of those that are not
  counted. A bucket counts at most `maxValues` agents, models or identities apart; the value '' counts the others.
  Returns 1, or 0 when nothing was changed, because another worker has counted the first of these turns.
  Idempotent: a repetition finds other turns at the start of the list. ]]
-- Adds the numbers of two texts. A version with more numbers has them at the end.
local function sumOf(stored, added)
  local sums, numbers = {}, string.gmatch(stored, '%d+')
  for number in string.gmatch(added, '%d+') do sums[#sums + 1] = string.format('%.0f', (numbers() or 0) + number) end
  for number in numbers do sums[#sums + 1] = number end
  return table.concat(sums, ' ')
end

if redis.call('LINDEX', uncounted, 0) ~= first then return 0 end
redis.call('LTRIM', uncounted, turns, -1)
for bucket, name, by in counts() do redis.call('HINCRBY', bucket, name, by) end
for bucket, value, added in groups() do
  local stored = redis.call('HGET', bucket, value)
  if not stored and value ~= '' and redis.call('HLEN', bucket) >= maxValues then
    value, stored = '', redis.call('HGET', bucket, '')
  end
  redis.call('HSET', bucket, value, stored and sumOf(stored, added) or added)
end
for bucket, time in expiries() do redis.call('PEXPIREAT', bucket, time) end
return 1
