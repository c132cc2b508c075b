#!lua flags=allow-oom
--[[ Replaces the limits of a workspace in its shard. Each field is the name of a limit and its value, or '' for none;
  `keys` are the fairness keys with limits of their own. A limit that is lowered stops nothing that runs.
  Each change has a higher revision than those before: the limits are replaced only if their revision is lower than
  `revision`, or if there is no `revision`.
  Returns { 1 when the limits were replaced, 1 when a ticket must be added }. ]]
-- @include now
-- @include ring
-- @include startable
-- @include compare-rings
local stateKey = workspaceStateOf(workspace)
local stored, limitedKeys = unpack(redis.call('HMGET', stateKey, 'revision', 'limited-keys'))
if revision ~= '' and stored and tonumber(stored) >= tonumber(revision) then return { 0, 0 } end

local named, names = {}, {}
local function setField(name, value)
  if value == '' then
    redis.call('HDEL', stateKey, name)
  else
    redis.call('HSET', stateKey, name, value)
  end
end
-- The turns that have waited for a limit or for the end of a pause record it.
local wasPaused, formerLimit = unpack(redis.call('HMGET', stateKey, 'limit:paused', 'limit:running'))
for key in string.gmatch(limitedKeys or '', '%S+') do
  redis.call('HDEL', stateKey, 'limit:key:' .. key)
  named[#named + 1] = key
end
for name, value in fields() do setField(name, value) end
for key, value in keys() do
  redis.call('HSET', stateKey, 'limit:key:' .. key, value)
  named[#named + 1] = key
  names[#names + 1] = key
end
setField('limited-keys', table.concat(names, ' '))
redis.call('HSET', stateKey, 'revision', revision == '' and (stored or 0) + 1 or revision)
local state = stateOf(workspace)
if wasPaused == 'true' and not state.isPaused then setField('resumed-at', string.format('%.0f', now)) end
if tonumber(formerLimit) and state.running >= tonumber(formerLimit) then
  setField('full-at', string.format('%.0f', now))
end
if state.isNew then storeNew(state) end
compareRings(state, true, named)
return { 1, wantsTicket() }
