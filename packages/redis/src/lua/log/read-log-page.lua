--[[ Reads facts of a log, not many more than a page holds.
  KEYS 1 log
  ARGV 1 number of the first fact, from 0  2 number of the last one, -1 for all that follow  3 bytes of a page
  Returns { facts, log length }: at least one fact where there is one, and none behind the one that fills the page. ]]
local log, from, to, room = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local length = redis.call('LLEN', log)
if from < 0 then from = math.max(0, length + from) end
if to < 0 or to >= length then to = length - 1 end
local page = {}
while from <= to do
  for _, fact in ipairs(redis.call('LRANGE', log, from, math.min(to, from + 49))) do
    page[#page + 1] = fact
    room = room - #fact
    if room <= 0 then return { page, length } end
  end
  from = from + 50
end
return { page, length }
