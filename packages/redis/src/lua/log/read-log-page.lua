--[[ Reads facts of a log from number `from` to number `to` (from 0; -1 is the last one), about as many as a page of
  `pageBytes` holds.
  Returns { facts, log length }: at least one fact if there is one, and none after the fact that fills the page. ]]
local length = redis.call('LLEN', log)
local first, last, left = from, to, pageBytes
if first < 0 then first = math.max(0, length + first) end
if last < 0 or last >= length then last = length - 1 end
local page = {}
while first <= last do
  for _, fact in ipairs(redis.call('LRANGE', log, first, math.min(last, first + 49))) do
    page[#page + 1] = fact
    left = left - #fact
    if left <= 0 then return { page, length } end
  end
  first = first + 50
end
return { page, length }
