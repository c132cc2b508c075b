--[[ Counts the queued turns of workspaces, for `packages/core/src/scheduling/demand.ts`. Of a workspace with fairness
  keys it examines the first `keysExamined` keys of its ring, and assumes the same of the others. Changes nothing.
  Returns a list for each workspace: { queued turns, running turns, their limit or '', 1 when it is paused, the turns
  that its keys let start, whatever the limit of the workspace, how long its next turn has waited }. ]]
-- @include now
-- @include ring

-- How long a turn has waited: since its latest fact, or since the time until which it was parked.
local function waited(job)
  local latest = redis.call('LINDEX', logOf(string.sub(job, 6, 31)), -1) or ''
  local at, type = string.match(latest, '^{"v":%d+,"pos":%d+,"at":(%d+),"type":"([^"]*)"')
  local untilTime = type == 'turn.parked' and string.match(latest, '"until":(%d+)')
  return math.max(0, now - tonumber(untilTime or at or now))
end

-- The turns that a lane lets start, and its first turn with its rank.
local function openTurns(workspace, key, free)
  local backlog = backlogOf(workspace, key)
  local job, rank = unpack(redis.call('ZRANGE', backlog, 0, 0, 'WITHSCORES'))
  if not job then return 0 end
  return math.min(redis.call('ZCARD', backlog), free), job, tonumber(rank)
end

local counted = {}
for name in names() do
  local state = stateOf(name)
  local queued = tonumber(redis.call('HGET', state.key, 'queued') or 0)
  local open, first, firstRank = 0, nil, math.huge
  if not state.isKeyed then
    open, first = openTurns(name, '', math.max(0, state.keyLimit - state.running))
  else
    local members = redis.call('ZRANGE', keyRingOf(name), 0, keysExamined - 1)
    for _, member in ipairs(members) do
      local key = string.sub(member, 17)
      local count, job, rank = openTurns(name, key, math.max(0, state.keyLimit - laneOf(state, key).running))
      open = open + count
      if job and rank < firstRank then first, firstRank = job, rank end
    end
    if #members == keysExamined then open = math.floor(open * redis.call('ZCARD', keyRingOf(name)) / #members) end
  end
  counted[#counted + 1] = { queued, state.running, state.limit < math.huge and state.limit or '',
    state.isPaused and 1 or 0, math.min(open, queued), first and open > 0 and waited(first) or 0 }
end
return counted
