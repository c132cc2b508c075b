-- @late
-- Schedules the cancel of a turn's child tasks, the head's `children`.
local function cancelChildren(deadlines, now, children)
  for child in string.gmatch(children, '%S+') do redis.call('ZADD', deadlines, now, cancelOf(child)) end
end
-- @end
