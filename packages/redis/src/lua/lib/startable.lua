-- @late
-- Whether a turn can start now.
local function isStartable()
  local isDue = false
  local first = redis.call('ZRANGE', ring, 0, 5, 'WITHSCORES')
  for at = 1, #first, 2 do
    local member = first[at]
    if member == '!paused' then return false end
    if member == '!due' then
      -- A claim queues the turn, and may then start it.
      isDue = first[at + 1] + dueBase <= now
    elseif member == '!returned' or member == '!closed' then
      local due = redis.call('ZRANGE', member == '!closed' and closedOf() or returnedOf(), 0, 0, 'WITHSCORES')[2]
      if due and tonumber(due) <= now then return true end
    elseif member ~= '!newer' then
      return true
    end
  end
  return isDue
end
-- @end

-- Whether a ticket must be added: a turn can start, and no ticket waits that would wake a worker.
local function wantsTicket() return redis.call('LLEN', tickets) == 0 and isStartable() and 1 or 0 end
