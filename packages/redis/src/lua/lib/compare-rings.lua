-- The keys of a workspace that run or may wait, as a set.
local function lanesOf(state)
  local known = { [''] = true }
  for _, field in ipairs(redis.call('HKEYS', state.key)) do
    if string.sub(field, 1, 2) == 'k:' then known[string.sub(field, 3)] = true end
  end
  for _, member in ipairs(redis.call('ZRANGE', keyRingOf(state.name), 0, -1)) do known[string.sub(member, 17)] = true end
  return known
end

-- Whether all turns of a lane have closed classes.
local function hasOnlyClosed(state, key)
  if #state.classes == 0 or hasTurn(state, key) then return false end
  for _, class in ipairs(state.classes) do
    if redis.call('EXISTS', backlogOfClass(state.name, key, class)) == 1 then return true end
  end
  return false
end

-- Finds whether a workspace and its keys are where they belong in the rings, and with `mends` puts them there. Returns
-- the names of the faults that it has found. A lane whose turns all have closed classes may still be in the rings. A key
-- that neither runs nor waits is forgotten. Of a workspace with very many keys, only the keys in the list `named` are
-- compared.
local function compareRings(state, mends, named)
  local faults = {}
  local function place(set, member, score, belongs, enter)
    local found = redis.call('ZSCORE', set, member)
    if belongs and not found then
      faults[#faults + 1] = 'ring-missing'
      -- It returns: it has no credit for the time at its limit, or of the pause.
      if mends then enter() end
    elseif found and not belongs then
      faults[#faults + 1] = 'ring-stray'
      if mends then redis.call('ZREM', set, member) end
    elseif found and math.abs(tonumber(found) - score) > 1e-6 then
      faults[#faults + 1] = 'ring-stray'
      if mends then redis.call('ZADD', set, score, member) end
    end
  end

  -- A lane that only waits for its classes is in the ring until a claim finds it there, or it is in `closed`. When a
  -- class opens, the lane is there until a claim puts it back.
  local function waitsForClass(key, member, set)
    if #state.classes == 0 then return false end
    local opens = redis.call('ZSCORE', closedOf(), key .. ' ' .. state.name)
    if opens and tonumber(opens) <= now and not redis.call('ZSCORE', set, member) then return true end
    if not hasOnlyClosed(state, key) then return false end
    if not redis.call('ZSCORE', set, member) and not opens then
      faults[#faults + 1] = 'ring-missing'
      if mends then awaitClass(state, key) end
    end
    return true
  end

  local keys = keyRingOf(state.name)
  local function placeLane(key)
    local lane = laneOf(state, key)
    local member, isWaiting = ringMember(lane.time, key), false
    if lane.running < lane.limit then isWaiting = waitsForClass(key, member, keys) end
    local hasOpen = hasTurn(state, key)
    local belongs = hasOpen and lane.running < lane.limit
    if not isWaiting then
      place(keys, member, lane.running / lane.weight, belongs, function() enterLane(state, key) end)
    end
    local isIdle = lane.running == 0 and lane.time <= state.keyTime
    if mends and isIdle and not hasOpen and not hasOnlyClosed(state, key) then
      redis.call('HDEL', state.key, 'k:' .. key)
    end
  end

  if state.isKeyed and redis.call('HLEN', state.key) + redis.call('ZCARD', keys) < keysChecked then
    for _, member in ipairs(redis.call('ZRANGE', keys, 0, -1)) do
      local key = string.sub(member, 17)
      if member ~= ringMember(laneOf(state, key).time, key) then
        if mends then redis.call('ZREM', keys, member) end
        faults[#faults + 1] = 'ring-stray'
      end
    end
    for key in pairs(lanesOf(state)) do placeLane(key) end
  elseif state.isKeyed then
    for _, key in ipairs(named or {}) do placeLane(key) end
  end
  local member = memberOf(state)
  if not state.isKeyed and canRun(state) and waitsForClass('', member, ring) then return faults end
  local belongs = canRun(state) and hasLane(state)
  place(ring, member, state.running / state.weight, belongs, function() enterRing(state) end)
  return faults
end
