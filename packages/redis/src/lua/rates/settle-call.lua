--[[ Corrects buckets after a call: it has used `units` more than it had reserved, or fewer, and its vendor has so much
  left that each time of a bucket is at least `ahead` milliseconds from now. `times` is 'both', 'booked' or 'used'. ]]
-- @include now
for name, units, interval, ahead in buckets() do
  local stored = redis.call('HGET', rates, name)
  local booked, used = string.match(stored or '0 0', '^(%S+) (%S+)$')
  local change, least = tonumber(units) * tonumber(interval), now + tonumber(ahead)
  local function settled(time)
    time = tonumber(time)
    if change < 0 then time = math.max(time + change, math.min(time, now)) end
    if change > 0 then time = math.max(time, now) + change end
    return tonumber(ahead) > 0 and math.max(time, least) or time
  end
  if times ~= 'used' then booked = settled(booked) end
  if times ~= 'booked' then used = settled(used) end
  if stored or change > 0 or tonumber(ahead) > 0 then
    redis.call('HSET', rates, name, string.format('%.3f %.3f', tonumber(booked), tonumber(used)))
  end
end
redis.call('PEXPIRE', rates, keptMs)
