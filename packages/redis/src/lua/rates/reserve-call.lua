--[[ Reserves a call in the buckets of one hash. A bucket has two times: `booked` includes all calls that are reserved,
  `used` only those that have been made or are about to be. The first gives each call its time in the order of the
  requests. The second keeps the rate when calls are made later than at their times.
  Each time is the end of what was taken (`packages/core/src/scheduling/gcra.ts`).
  `mode` is 'reserve' (book, and use the units if the time is near), 'book' or 'use'. `again` first takes back what this
  call has used in these buckets.
  Returns { 'used' | 'booked' | 'full', the time, the name of the bucket that determines it or '', now }. 'full' changes
  nothing, and neither does 'booked' after 'use'. ]]
-- @include now
-- A fraction of a microsecond is an error of rounding.
local function wholeMs(time) return math.ceil(time - 0.001) end

local rows, at, binding = {}, math.max(now, notBefore), ''
local function later(time, name)
  if time > at then at, binding = time, name end
end
for name, cost, burst, interval in buckets() do
  local booked, used = string.match(redis.call('HGET', rates, name) or '0 0', '^(%S+) (%S+)$')
  local row = { name = name, booked = tonumber(booked), used = tonumber(used), interval = tonumber(interval) }
  row.taken = tonumber(cost) * row.interval
  row.beforeIt = (tonumber(cost) - tonumber(burst)) * row.interval
  if again then row.used = math.max(row.used - row.taken, math.min(row.used, now)) end
  rows[#rows + 1] = row
end

local function store()
  for _, row in ipairs(rows) do redis.call('HSET', rates, row.name, string.format('%.3f %.3f', row.booked, row.used)) end
  redis.call('PEXPIRE', rates, keptMs)
end

if mode ~= 'use' then
  for _, row in ipairs(rows) do later(math.max(row.booked, row.used) + row.beforeIt, row.name) end
  if at - now > aheadMs then return { 'full', wholeMs(at), binding, now } end
  for _, row in ipairs(rows) do
    row.booked = math.max(row.booked, now, row.booked + row.beforeIt) + row.taken
  end
end
if mode == 'use' then
  for _, row in ipairs(rows) do later(row.used + row.beforeIt, row.name) end
end
local isNear = mode ~= 'book' and at - now <= nearMs
if isNear then
  for _, row in ipairs(rows) do row.used = math.max(row.used, at) + row.taken end
end
if isNear or mode ~= 'use' or again then store() end
return { isNear and 'used' or 'booked', wholeMs(at), binding, now }
