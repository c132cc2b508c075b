--[[ Finds where in a task's log the facts after a number begin.
  KEYS 1 head  2 log
  ARGV 1 pos
  Returns { number of the first fact with a larger pos, from 0; length of the log } or nothing when there is no such task. ]]
local status = redis.call('HGET', KEYS[1], 'status')
if not status or status == 'forgotten' then return nil end
local pos, length = tonumber(ARGV[1]), redis.call('LLEN', KEYS[2])
-- The pos of a fact is above its number.
local low, high = 0, math.min(pos, length)
while low < high do
  local middle = math.floor((low + high) / 2)
  local fact = redis.call('LINDEX', KEYS[2], middle)
  -- What is broken has no pos; whoever reads it says so.
  if (tonumber(string.match(fact, '^{"v":%d+,"pos":(%d+)')) or 0) > pos then
    high = middle
  else
    low = middle + 1
  end
end
return { low, length }
