--[[ Compares the turns that hold a slot of a workspace with the leases and the heads, counts them again, and compares
  the places of the workspace and its keys in the rings. Counts the parked turns and the bytes of at most `tasksChecked`
  tasks; with `repair` the next call continues there. With `repair`, corrects all of that.
  Returns { names of the faults, 1 when a ticket must be added }. ]]
-- @include now
-- @include ring
-- @include startable
-- @include compare-rings
local faults = {}
local counts = {}
for _, job in ipairs(redis.call('SMEMBERS', runningTurnsOf(workspace))) do
  local status, currentJob, key = unpack(redis.call('HMGET', headOf(string.sub(job, 6, 31)), 'status', 'job', 'fk'))
  if status == 'running' and currentJob == job and redis.call('ZSCORE', leases, job) then
    counts[key or ''] = (counts[key or ''] or 0) + 1
  else
    if repair then redis.call('SREM', runningTurnsOf(workspace), job) end
    faults[#faults + 1] = 'slot-stray'
  end
end

local state = stateOf(workspace)
if state.isKeyed and redis.call('HLEN', state.key) < keysChecked then
  local fields = redis.call('HGETALL', state.key)
  for at = 1, #fields, 2 do
    if string.sub(fields[at], 1, 2) == 'k:' then
      local key = string.sub(fields[at], 3)
      local lane, running = laneOf(state, key), counts[key] or 0
      counts[key] = nil
      if lane.running ~= running then
        lane.running = running
        if repair then storeLane(state, key, lane) end
        faults[#faults + 1] = 'count'
      end
    end
  end
  for key, running in pairs(counts) do
    laneOf(state, key).running = running
    if repair then storeLane(state, key, laneOf(state, key)) end
    faults[#faults + 1] = 'count'
  end
end
local function queuedIn(key)
  local count = redis.call('ZCARD', backlogOf(workspace, key))
  for _, class in ipairs(state.classes) do count = count + redis.call('ZCARD', backlogOfClass(workspace, key, class)) end
  return count
end
local queued = queuedIn('')
local isCounted = not state.isKeyed
if state.isKeyed and redis.call('HLEN', state.key) + redis.call('ZCARD', keyRingOf(workspace)) < keysChecked then
  isCounted = true
  for key in pairs(lanesOf(state)) do
    if key ~= '' then queued = queued + queuedIn(key) end
  end
end
if isCounted and tonumber(redis.call('HGET', state.key, 'queued') or 0) ~= queued then
  if repair then redis.call('HSET', state.key, 'queued', queued) end
  faults[#faults + 1] = 'count'
end
-- @include recount
for _, fault in ipairs(compareRings(state, repair)) do faults[#faults + 1] = fault end
return { faults, repair and wantsTicket() or 0 }
