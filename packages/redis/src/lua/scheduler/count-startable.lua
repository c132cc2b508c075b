--[[ Counts the queued turns of workspaces, for `packages/core/src/scheduling/demand.ts`. Of a workspace with fairness
  keys it examines the first `keysExamined` keys of its ring, and assumes the same of the others. Changes nothing.
  Returns a list for each workspace: { queued turns, running turns, their limit or '', 1 when it is paused, the turns
  that its keys let start, whatever the limit of the workspace, how long its next turn has waited, the turns in these
  lanes that wait for the requests of a model, and for its tokens }. ]]
-- @include now
-- @include ring

-- How long a turn has waited: since its latest fact, or since the time until which it was parked.
local function waited(job)
  local latest = redis.call('LINDEX', logOf(string.sub(job, 6, 31)), -1) or ''
  local at, type = string.match(latest, '^{"v":%d+,"pos":%d+,"at":(%d+),"type":"([^"]*)"')
  local untilTime = type == 'turn.parked' and string.match(latest, '"until":(%d+)')
  return math.max(0, now - tonumber(untilTime or at or now))
end

-- The turns that a lane lets start, and its first turn with its rank. Adds those of closed classes to `closedTurns`.
local function openTurns(state, key, free, closedTurns)
  local count, first, firstRank = 0, nil, math.huge
  local function addOpen(backlog)
    local job, rank = unpack(redis.call('ZRANGE', backlog, 0, 0, 'WITHSCORES'))
    if not job then return end
    count = count + redis.call('ZCARD', backlog)
    if tonumber(rank) < firstRank then first, firstRank = job, tonumber(rank) end
  end
  addOpen(backlogOf(state.name, key))
  for _, class in ipairs(state.classes) do
    local backlog = backlogOfClass(state.name, key, class)
    if closedUntil(class) <= now then
      addOpen(backlog)
    else
      local kind = string.match(redis.call('HGET', scheduler, 'closed:' .. class) or '', '"kind":"([%w_]+)"')
      if kind then closedTurns[kind] = (closedTurns[kind] or 0) + redis.call('ZCARD', backlog) end
    end
  end
  return math.min(count, free), first, firstRank
end

-- Adds the turns of closed classes that wait in lanes which are not in the ring, because they have no others. A lane with
-- such turns has a field in the state of its workspace. Of a workspace with very many keys, they are not counted.
local function addOutside(state, seen, closedTurns)
  local isAny = false
  for _, class in ipairs(state.classes) do isAny = isAny or closedUntil(class) > now end
  if not isAny or redis.call('HLEN', state.key) >= keysChecked then return end
  local fields = redis.call('HKEYS', state.key)
  fields[#fields + 1] = 'k:'
  for _, field in ipairs(fields) do
    local key = string.match(field, '^k:(.*)$')
    if key and not seen[key] and laneOf(state, key).running < laneOf(state, key).limit then
      seen[key] = true
      openTurns(state, key, 0, closedTurns)
    end
  end
end

local counted = {}
for name in names() do
  local state = stateOf(name)
  local queued = tonumber(redis.call('HGET', state.key, 'queued') or 0)
  local open, first, firstRank, closedTurns = 0, nil, math.huge, {}
  if not state.isKeyed then
    open, first = openTurns(state, '', math.max(0, state.keyLimit - state.running), closedTurns)
  else
    local members, seen = redis.call('ZRANGE', keyRingOf(name), 0, keysExamined - 1), {}
    for _, member in ipairs(members) do
      local key = string.sub(member, 17)
      local lane = laneOf(state, key)
      seen[key] = true
      local count, job, rank = openTurns(state, key, math.max(0, lane.limit - lane.running), closedTurns)
      open = open + count
      if job and rank < firstRank then first, firstRank = job, rank end
    end
    if #members == keysExamined then open = math.floor(open * redis.call('ZCARD', keyRingOf(name)) / #members) end
    if #members < keysExamined then addOutside(state, seen, closedTurns) end
  end
  counted[#counted + 1] = { queued, state.running, state.limit < math.huge and state.limit or '',
    state.isPaused and 1 or 0, math.min(open, queued), first and open > 0 and waited(first) or 0,
    closedTurns.model_requests or 0, closedTurns.model_tokens or 0 }
end
return counted
