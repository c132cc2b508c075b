--[[ Finds where the facts after a number begin in a task's log.
  Returns { number of the first fact with a larger pos, from 0; length of the log }, or nil when the task does not
  exist. ]]
local status = redis.call('HGET', head, 'status')
if not status or status == 'forgotten' then return nil end
local length = redis.call('LLEN', log)
-- The pos of a fact is greater than its number.
local low, high = 0, math.min(pos, length)
while low < high do
  local middle = math.floor((low + high) / 2)
  local fact = redis.call('LINDEX', log, middle)
  -- A broken fact has no pos; its reader reports it.
  if (tonumber(string.match(fact, '^{"v":%d+,"pos":(%d+)')) or 0) > pos then
    high = middle
  else
    low = middle + 1
  end
end
return { low, length }
