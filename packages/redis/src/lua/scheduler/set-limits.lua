--[[ Sets the limits of a workspace in its shard: each is a number, or '' for none. A limit that is lowered stops nothing
  that runs.
  Returns 1 when a ticket must be added. ]]
-- @include now
-- @include ring
-- @include startable
local function setField(name, value)
  if value == '' then
    redis.call('HDEL', workspaceStateOf(workspace), name)
  else
    redis.call('HSET', workspaceStateOf(workspace), name, value)
  end
end
-- The turns that have waited for a limit or for the end of a pause record it.
local wasPaused, formerLimit = unpack(redis.call('HMGET', workspaceStateOf(workspace), 'paused', 'running'))
if wasPaused == '1' and not isPaused then setField('resumed-at', string.format('%.0f', now)) end
if formerLimit and redis.call('SCARD', runningTurnsOf(workspace)) >= tonumber(formerLimit) then
  setField('full-at', string.format('%.0f', now))
end
setField('running', running)
setField('running_per_fairness_key', runningPerKey)
setField('weight', weight)
setField('paused', isPaused and 1 or '')
-- @include compare-rings
compareRings(stateOf(workspace), true)
return wantsTicket()
