-- Notes an event outside of a task, if the workspace has endpoints. `event` is its JSON, or '' for none. It is due at once.
-- The same event again changes nothing until it is relayed.
local function noteEvent(event)
  if event == '' or redis.call('EXISTS', webhooks) == 0 then return 0 end
  redis.call('ZADD', events, 'NX', 0, event)
  return 1
end
