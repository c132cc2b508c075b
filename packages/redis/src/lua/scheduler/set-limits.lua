--[[ Sets the limits of a workspace in its shard: each is a text, or '' for none. A limit that is lowered stops nothing
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
setField('running', running)
setField('running_per_fairness_key', runningPerKey)
setField('weight', weight)
setField('paused', isPaused and 1 or '')
setField('models', models)
-- @include compare-rings
compareRings(stateOf(workspace), true)
return wantsTicket()
