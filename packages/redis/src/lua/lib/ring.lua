-- Who is next: the ring of workspaces of a shard, and the ring of keys of a workspace.
--
-- A workspace is in the ring exactly when a turn of it could start now: one of its lanes has a queued turn and is below
-- its limit, and the workspace is not paused and below its own limit. Its score is its running turns divided by its
-- weight; among equal scores its virtual time decides, which the member begins with. A key is in the ring of its
-- workspace in the same way. A workspace that has never had a fairness key has no ring of keys, only the lane ''.
--
-- A lane has one backlog for turns whose model has no rate, and one for each class of models. While nothing is left of a
-- rate, its classes are closed until a time: `scheduler` has it in `closed:<class>`. A turn of a closed class cannot
-- start. A lane whose turns all have closed classes leaves the rings when a claim finds it there, and `closed` has the
-- time when it returns.
--
-- Five other members come before all workspaces: '!due' while `due` has entries, '!paused' while the shard is paused,
-- '!newer' while `newer` has entries, '!closed' while `closed` has entries, and '!returned' while `returned` has entries.
-- The score of '!due' tells the time of the first entry of `due`, so that a claim without due entries costs no further
-- command.

local function ringMember(time, name) return string.format('%015d:', time) .. name end

-- The member of a workspace in the ring.
local function memberOf(state)
  if state.memberTime ~= state.time then
    state.member, state.memberTime = ringMember(state.time, state.name), state.time
  end
  return state.member
end

-- The score of a workspace in the ring.
local function scoreOf(state)
  local score = state.running / state.weight
  return score % 1 == 0 and textOf(score) or score
end

local workspaceStates, noNames = {}, {}

-- A script that claims a turn after another has ended gathers what it changes of its workspaces, and stores it once, at
-- its end (`storeStates`): the fields of their states, and the place in the ring of `waiting`, the workspace of which a
-- slot was freed. Until then that workspace is not in the stored ring.
local isGathering, waiting = false, nil

-- The part of a limit that holds in each of the shards over which a workspace is spread; nil for no limit.
local function partOf(state, limit) return tonumber(limit) and math.ceil(tonumber(limit) / state.shards) end

-- Over how many shards a workspace is spread, by its own limit if it has one.
local function shardsFor(spread)
  if limitDefaults == '' then return 1 end
  local shards, usual = string.match(limitDefaults, '^(%S+) %S+ %S+ %S+ %S+ (%S+)$')
  return math.min(tonumber(spread or usual) or 1, tonumber(shards))
end

-- The state of a workspace without its running turns. It is read once in each script, which keeps it up to date. A script
-- that needs further fields passes their names when it reads the state first, and finds them in `more`.
local function readState(name, names)
  local state = workspaceStates[name]
  if state then return state end
  local key = workspaceStateOf(name)
  local fields = redis.call('HMGET', key, 'time', 'key-time', 'keyed', 'limit:running', 'limit:running_per_fairness_key',
    'limit:weight', 'limit:paused', 'limit:spread', 'parked', 'bytes', 'recount', 'limit:models', 'classes', 'full-at',
    'resumed-at', 'queued', 'listens', unpack(names or noNames))
  local time, keyTime, isKeyed, limit, keyLimit, weight, paused, spread, parked, bytes, recount, rates, classes, fullAt,
    resumedAt, queued, listens = unpack(fields, 1, 17)
  -- The limits of the installation.
  local usualLimit, usualKeyLimit, usualWeight, usualPaused
  if limitDefaults ~= '' then
    usualLimit, usualKeyLimit, usualWeight, usualPaused = string.match(limitDefaults, '^%S+ (%S+) (%S+) (%S+) (%S+)')
  end
  state = { name = name, key = key, time = tonumber(time or 0), keyTime = tonumber(keyTime or 0), isNew = not time,
    isKeyed = isKeyed, shards = shardsFor(spread),
    weight = tonumber(weight or usualWeight) or 1, isPaused = (paused or usualPaused) == 'true', lanes = {},
    fullAt = tonumber(fullAt or 0), resumedAt = tonumber(resumedAt or 0),
    parked = tonumber(parked or 0), bytes = tonumber(bytes or 0), queued = tonumber(queued or 0), recount = recount,
    rates = rates or '', classes = noNames, listens = listens, changed = isGathering and {} }
  if names then
    state.more = {}
    for at, field in ipairs(names) do state.more[field] = fields[17 + at] end
  end
  if classes then
    state.classes = {}
    for class in string.gmatch(classes, '%S+') do state.classes[#state.classes + 1] = class end
  end
  limit, keyLimit = limit or usualLimit, keyLimit or usualKeyLimit
  state.limit = partOf(state, limit) or math.huge
  state.keyLimit = partOf(state, keyLimit) or math.huge
  workspaceStates[name] = state
  return state
end

-- The state of a workspace.
local function stateOf(name)
  local state = readState(name)
  state.running = state.running or redis.call('SCARD', runningTurnsOf(name))
  return state
end

local function isFull(state) return state.running >= (state.isKeyed and state.limit or math.min(state.limit, state.keyLimit)) end

local function canRun(state) return not state.isPaused and not isFull(state) end

-- The backlog of the turns of a lane whose models are of a class; without a class, of those whose models have no rate.
local function backlogOfClass(workspace, key, class) return backlogOf(workspace, class and key .. '~' .. class or key) end

local closingTimes = {}

-- @include counts

-- @late
-- Sets a field of a state.
local function storeField(state, name, value)
  if isGathering then state.changed[name] = value else redis.call('HSET', state.key, name, value) end
end

-- What a key uses, its running turns and its virtual time; its limit and its weight, which may be its own; and when it
-- was at its limit for the last time.
local function laneOf(state, key)
  local lane = state.lanes[key]
  if not lane then
    local field, limitField, more = 'k:' .. key, 'limit:key:' .. key, state.more or noNames
    local used, own = more[field], more[limitField]
    -- A missing field is false.
    if used == nil then used, own = unpack(redis.call('HMGET', state.key, field, limitField)) end
    local running, time, fullAt = string.match(used or '0 0', '^(%d+) (%d+) ?(%d*)$')
    local limit, weight = string.match(own or '- -', '^(%S+) (%S+)$')
    lane = { running = tonumber(running), time = tonumber(time), fullAt = tonumber(fullAt),
      limit = partOf(state, limit) or state.keyLimit, weight = tonumber(weight) or 1 }
    state.lanes[key] = lane
  end
  return lane
end

local function laneText(lane)
  local fullAt = lane.fullAt and string.format(' %.0f', lane.fullAt) or ''
  return string.format('%d %d', lane.running, lane.time) .. fullAt
end

local function storeLane(state, key, lane) storeField(state, 'k:' .. key, laneText(lane)) end

-- Until when a class of models is closed.
local function closedUntil(class)
  local time = closingTimes[class]
  if not time then
    local wait = redis.call('HGET', scheduler, 'closed:' .. class)
    time = wait and tonumber(string.match(wait, '"until":(%d+)')) or 0
    closingTimes[class] = time
  end
  return time
end

-- Whether a lane has a turn whose class is not closed.
local function hasTurn(state, key)
  if redis.call('EXISTS', backlogOf(state.name, key)) == 1 then return true end
  for _, class in ipairs(state.classes) do
    local isOpen = closedUntil(class) <= now
    if isOpen and redis.call('EXISTS', backlogOfClass(state.name, key, class)) == 1 then return true end
  end
  return false
end

-- Notes when the first closed class opens of which a lane has turns. Returns false if it has none.
local function awaitClass(state, key)
  local first
  for _, class in ipairs(state.classes) do
    local time = closedUntil(class)
    if time > now and redis.call('EXISTS', backlogOfClass(state.name, key, class)) == 1 then
      first = math.min(first or time, time)
    end
  end
  if not first then return false end
  redis.call('ZADD', closedOf(), first, key .. ' ' .. state.name)
  redis.call('ZADD', ring, -1, '!closed')
  return true
end

local function hasLane(state)
  if state.isKeyed then return redis.call('EXISTS', keyRingOf(state.name)) == 1 end
  return hasTurn(state, '')
end

-- Removes a workspace from the ring.
local function leaveRing(state)
  if waiting == state then waiting = nil else redis.call('ZREM', ring, memberOf(state)) end
end

-- Removes a lane without a queued turn from the rings.
local function leaveLane(state, key)
  if #state.classes > 0 then
    if hasTurn(state, key) then return end
    awaitClass(state, key)
  end
  if state.isKeyed then
    local lane, hasOther = laneOf(state, key), nil
    redis.call('ZREM', keyRingOf(state.name), ringMember(lane.time, key))
    lane.hasLeft = true
    if key == state.picked then hasOther, state.hasOther = state.hasOther, nil end
    if hasOther == nil then hasOther = hasLane(state) end
    if hasOther then return end
  end
  leaveRing(state)
end
-- @end

-- Counts a turn that enters the backlogs of a workspace, or leaves them. Returns how many are queued.
local function countQueued(workspace, change)
  local state = isGathering and workspaceStates[workspace]
  if not state then return redis.call('HINCRBY', workspaceStateOf(workspace), 'queued', string.format('%d', change)) end
  state.queued = state.queued + change
  state.changed.queued = textOf(state.queued)
  return state.queued
end

-- @late
-- Stores a state for the first time.
local function storeNew(state)
  state.isNew = false
  redis.call('SADD', workspacesOf(), state.name)
  redis.call('HSET', state.key, 'time', 0)
end

-- Counts a change of a task's turn where no slot is freed.
local function countTask(job, workspace, parked, bytes)
  if parked == 0 and bytes == 0 then return end
  local key, state, fields = workspaceStateOf(workspace), workspaceStates[workspace], {}
  addCounts(fields, state or countsOf(key), string.sub(job, 6, 31), parked, bytes)
  if isGathering and state then
    for at = 1, #fields, 2 do state.changed[fields[at]] = fields[at + 1] end
  else
    redis.call('HSET', key, unpack(fields))
  end
end

-- Puts a workspace that could start a turn into the ring. One that returns has no credit for the time without work.
local function enterRing(state)
  if not canRun(state) or waiting == state or redis.call('ZSCORE', ring, memberOf(state)) then return end
  local now = tonumber(redis.call('HGET', scheduler, 'time') or 0)
  if now > state.time then
    state.time = now
    storeField(state, 'time', string.format('%.0f', now))
  end
  redis.call('ZADD', ring, state.running / state.weight, memberOf(state))
end

-- Puts a lane that has a queued turn, and was not in the rings, into them.
local function enterLane(state, key)
  if state.isKeyed then
    local lane = laneOf(state, key)
    lane.hasLeft = nil
    if lane.running >= lane.limit then return end
    -- It may be there because of a turn of another class.
    local isIn = #state.classes > 0 and redis.call('ZSCORE', keyRingOf(state.name), ringMember(lane.time, key))
    if isIn then return enterRing(state) end
    if state.keyTime > lane.time then
      lane.time = state.keyTime
      storeLane(state, key, lane)
    end
    redis.call('ZADD', keyRingOf(state.name), lane.running / lane.weight, ringMember(lane.time, key))
  end
  enterRing(state)
end

-- From now on the workspace has a ring of keys. All its turns so far have no key.
local function becomeKeyed(state)
  state.isKeyed = true
  redis.call('HSET', state.key, 'keyed', 1)
  local lane = { running = state.running, time = 0, limit = state.keyLimit, weight = 1 }
  state.lanes[''] = lane
  if lane.running > 0 then storeLane(state, '', lane) end
  if hasTurn(state, '') then enterLane(state, '') else awaitClass(state, '') end
end

local function addClass(state, class)
  for _, known in ipairs(state.classes) do if known == class then return end end
  if state.classes == noNames then state.classes = {} end
  state.classes[#state.classes + 1] = class
  redis.call('HSET', state.key, 'classes', table.concat(state.classes, ' '))
end

-- Adds a turn to `returned` or `newer`, which come before the lanes.
local function queueBefore(set, mark, score, job)
  redis.call('ZADD', set, score, job)
  redis.call('ZADD', ring, mark == '!newer' and -2 or -1, mark)
end

-- Puts '!due' where the first entry of `due` says.
local function markDue()
  local first = redis.call('ZRANGE', dueOf(), 0, 0, 'WITHSCORES')[2]
  if first then
    redis.call('ZADD', ring, string.format('%.0f', first - dueBase), '!due')
  else
    redis.call('ZREM', ring, '!due')
  end
end

-- Adds a queued turn to `due`: claims do not examine it before a time.
local function delayTurn(job, untilTime)
  redis.call('ZADD', dueOf(), string.format('%.0f', untilTime), job)
  markDue()
end
-- @end

-- Adds a turn to a backlog of its lane: that of the class of its model, if it has one. `isOneLane` when the workspace is
-- known to have neither fairness keys nor classes.
local function queueTurn(job, workspace, key, rank, class, isOneLane)
  local backlog = backlogOfClass(workspace, key, class)
  if redis.call('ZADD', backlog, rank, job) == 0 then return end
  local queued = countQueued(workspace, 1)
  local known = workspaceStates[workspace]
  isOneLane = isOneLane or known and not known.isKeyed and #known.classes == 0
  -- Then all turns of the workspace wait in one backlog.
  local isCounted = isOneLane and key == '' and not class
  if (isCounted and queued or redis.call('ZCARD', backlog)) > 1 then return end
  local state = stateOf(workspace)
  if state.isNew then storeNew(state) end
  if class then addClass(state, class) end
  if key ~= '' and not state.isKeyed then becomeKeyed(state) end
  if class then
    -- The doctor finds a lane in the ring of keys or by this field.
    if state.isKeyed then storeLane(state, key, laneOf(state, key)) end
    if closedUntil(class) > now then
      awaitClass(state, key)
      return
    end
  end
  enterLane(state, key)
end

local function unqueueFrom(backlog, job, workspace, key, isLast)
  if redis.call('ZREM', backlog, job) == 0 then return false end
  countQueued(workspace, -1)
  if isLast == nil then isLast = redis.call('EXISTS', backlog) == 0 end
  if isLast then leaveLane(stateOf(workspace), key) end
  return true
end

-- Removes a queued turn from the set that contains it, which may be the backlog of a class. `isLast` is whether its lane
-- has no other turn, if that is known.
local function unqueueTurn(job, workspace, key, class, isLast)
  if class and unqueueFrom(backlogOfClass(workspace, key, class), job, workspace, key, isLast) then return end
  if unqueueFrom(backlogOf(workspace, key), job, workspace, key, isLast) then
    return
  elseif redis.call('ZREM', returnedOf(), job) == 1 then
    if redis.call('EXISTS', returnedOf()) == 0 then redis.call('ZREM', ring, '!returned') end
  elseif redis.call('ZREM', newerOf(), job) == 1 then
    if redis.call('EXISTS', newerOf()) == 0 then redis.call('ZREM', ring, '!newer') end
  elseif redis.call('ZREM', dueOf(), job) == 1 then
    markDue()
  else
    local state = stateOf(workspace)
    for _, class in ipairs(state.classes) do
      if unqueueFrom(backlogOfClass(workspace, key, class), job, workspace, key) then return end
    end
  end
end

-- Counts a turn that starts, after it has left its backlog.
local function takeSlot(job, state, key)
  if state.isNew then storeNew(state) end
  if redis.call('SADD', runningTurnsOf(state.name), job) == 0 then return end
  state.running = state.running + 1
  if state.isKeyed then
    local lane = laneOf(state, key)
    lane.running = lane.running + 1
    storeLane(state, key, lane)
    if key == state.picked and lane.time > state.keyTime then
      state.keyTime = lane.time
      storeField(state, 'key-time', string.format('%.0f', lane.time))
    end
    if lane.hasLeft then
      -- It has no other turn.
    elseif lane.running < lane.limit then
      redis.call('ZADD', keyRingOf(state.name), 'XX', lane.running / lane.weight, ringMember(lane.time, key))
    else
      redis.call('ZREM', keyRingOf(state.name), ringMember(lane.time, key))
      if not hasLane(state) then leaveRing(state) end
    end
  end
  if not canRun(state) then
    leaveRing(state)
  elseif waiting ~= state then
    redis.call('ZADD', ring, 'XX', state.running / state.weight, memberOf(state))
  end
end

-- Frees the slot of a turn that has held it since `startedAt`, and charges the time to its lane and its workspace. What
-- was at its limit returns to the ring here. `parked` is 1 when the turn is parked, and `bytes` is how much its task has
-- grown since its bytes were counted.
local function freeSlot(job, workspace, key, startedAt, parked, bytes)
  if key ~= '' then readState(workspace, { 'k:' .. key, 'limit:key:' .. key }) end
  local state = stateOf(workspace)
  if redis.call('SREM', runningTurnsOf(workspace), job) == 0 then return countTask(job, workspace, parked, bytes) end
  if isFull(state) then storeField(state, 'full-at', string.format('%.0f', now)) end
  state.running = state.running - 1
  -- The shortest turn costs something, too: otherwise it would never be the turn of the others.
  local used = math.max(1, now - tonumber(startedAt or now))
  local fields = {}
  if state.isKeyed then
    local lane, keys = laneOf(state, key), keyRingOf(workspace)
    local member, waits, wasIn = ringMember(lane.time, key), nil, nil
    if #state.classes == 0 then
      -- Only a lane with a turn is in its ring.
      waits = hasTurn(state, key)
      wasIn = waits and redis.call('ZREM', keys, member) == 1
    else
      wasIn = redis.call('ZREM', keys, member) == 1
      waits = wasIn or hasTurn(state, key)
    end
    if lane.running >= lane.limit then lane.fullAt = now end
    lane.running = math.max(0, lane.running - 1)
    lane.time = lane.time + math.max(1, math.floor(used / lane.weight))
    if waits and lane.running < lane.limit then
      if not wasIn and state.keyTime > lane.time then lane.time = state.keyTime end
      redis.call('ZADD', keys, lane.running / lane.weight, ringMember(lane.time, key))
    end
    if not waits then awaitClass(state, key) end
    fields[1], fields[2] = 'k:' .. key, laneText(lane)
  end
  local wasIn = redis.call('ZREM', ring, memberOf(state)) == 1
  state.time = state.time + math.max(1, math.floor(used / state.weight))
  fields[#fields + 1] = 'time'
  fields[#fields + 1] = string.format('%d', state.time)
  addCounts(fields, state, string.sub(job, 6, 31), parked, bytes)
  if isGathering then
    for at = 1, #fields, 2 do state.changed[fields[at]] = fields[at + 1] end
  else
    redis.call('HSET', state.key, unpack(fields))
  end
  if wasIn and isGathering then
    waiting = state
  elseif wasIn then
    redis.call('ZADD', ring, state.running / state.weight, memberOf(state))
  elseif hasLane(state) then
    enterRing(state)
  elseif not state.isKeyed then
    awaitClass(state, '')
  end
end

-- Stores what a script has gathered.
local function storeStates()
  if waiting then redis.call('ZADD', ring, scoreOf(waiting), memberOf(waiting)) end
  for _, state in pairs(workspaceStates) do
    local fields = {}
    for name, value in pairs(state.changed) do
      fields[#fields + 1] = name
      fields[#fields + 1] = value
    end
    if fields[1] then redis.call('HSET', state.key, unpack(fields)) end
  end
  isGathering, waiting, workspaceStates = false, nil, {}
end
