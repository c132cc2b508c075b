--[[ Returns by how many milliseconds each bucket of one hash is ahead of now, with all calls that are reserved. Changes
  nothing. ]]
-- @include now
local ahead = {}
for name in names() do
  local booked, used = string.match(redis.call('HGET', rates, name) or '0 0', '^(%S+) (%S+)$')
  ahead[#ahead + 1] = math.max(0, math.ceil(math.max(tonumber(booked), tonumber(used)) - now))
end
return ahead
