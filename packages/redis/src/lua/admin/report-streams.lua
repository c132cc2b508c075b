--[[ Reports how many streams and waiting requests the workspaces have open in an API process. A process that does not
  report for a while does not count.
  Returns for each of these workspaces how many it has in the other processes. ]]
-- @include now
local own, expiry = streamsOf(process), now - reportKeptMs
redis.call('DEL', own)
redis.call('ZREM', streamProcesses, process)
redis.call('ZREMRANGEBYSCORE', streamProcesses, '-inf', expiry)
local names, sums = {}, {}
for workspace in counts() do
  names[#names + 1] = workspace
  sums[#sums + 1] = 0
end
for _, other in ipairs(redis.call('ZRANGE', streamProcesses, 0, -1)) do
  -- A call of Lua has a limited number of arguments.
  for first = 1, #names, 1000 do
    local last = math.min(first + 999, #names)
    for at, count in ipairs(redis.call('HMGET', streamsOf(other), unpack(names, first, last))) do
      sums[first + at - 1] = sums[first + at - 1] + (count or 0)
    end
  end
end
if #names > 0 then
  for workspace, count in counts() do redis.call('HSET', own, workspace, count) end
  redis.call('PEXPIRE', own, reportKeptMs)
  redis.call('ZADD', streamProcesses, now, process)
end
return sums
