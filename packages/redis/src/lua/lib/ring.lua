-- Who is next: the ring of workspaces of a shard, and the ring of keys of a workspace.
--
-- A workspace is in the ring exactly when a turn of it could start now: one of its lanes has a queued turn and is below
-- its limit, and the workspace is not paused and below its own limit. Its score is its running turns divided by its
-- weight; among equal scores its virtual time decides, which the member begins with. A key is in the ring of its
-- workspace in the same way. A workspace that has never had a fairness key has no ring of keys, only the lane ''.
--
-- Three other members come before all workspaces: '!paused' while the shard is paused, '!newer' while `newer` has
-- entries, and '!returned' while `returned` has entries.

local function ringMember(time, name) return string.format('%015.0f:', time) .. name end

local workspaceStates = {}

-- The state of a workspace without its running turns. It is read once in each script, which keeps it up to date. A script
-- that needs further fields passes their names when it reads the state first, and finds them in `more`.
local function readState(name, names)
  local state = workspaceStates[name]
  if state then return state end
  local key = workspaceStateOf(name)
  local fields = redis.call('HMGET', key, 'time', 'key-time', 'keyed', 'running', 'running_per_fairness_key', 'weight',
    'paused', unpack(names or {}))
  local time, keyTime, isKeyed, limit, keyLimit, weight, paused = unpack(fields, 1, 7)
  state = { name = name, key = key, time = tonumber(time or 0), keyTime = tonumber(keyTime or 0), isNew = not time,
    isKeyed = isKeyed, limit = tonumber(limit) or math.huge, keyLimit = tonumber(keyLimit) or math.huge,
    weight = tonumber(weight) or 1, isPaused = paused == '1', lanes = {}, more = {} }
  for at, field in ipairs(names or {}) do state.more[field] = fields[#fields - #names + at] end
  workspaceStates[name] = state
  return state
end

-- The state of a workspace.
local function stateOf(name)
  local state = readState(name)
  state.running = state.running or redis.call('SCARD', runningTurnsOf(name))
  return state
end

-- The running turns and the virtual time of a key.
local function laneOf(state, key)
  local lane = state.lanes[key]
  if not lane then
    local running, time = string.match(redis.call('HGET', state.key, 'k:' .. key) or '0 0', '^(%d+) (%d+)$')
    lane = { running = tonumber(running), time = tonumber(time) }
    state.lanes[key] = lane
  end
  return lane
end

local function storeLane(state, key, lane)
  redis.call('HSET', state.key, 'k:' .. key, lane.running .. string.format(' %.0f', lane.time))
end

-- Stores a state for the first time.
local function storeNew(state)
  if not state.isNew then return end
  state.isNew = false
  redis.call('SADD', workspaces, state.name)
  redis.call('HSET', state.key, 'time', 0)
end

local function canRun(state)
  local limit = state.isKeyed and state.limit or math.min(state.limit, state.keyLimit)
  return not state.isPaused and state.running < limit
end

local function hasLane(state)
  return redis.call('EXISTS', state.isKeyed and keyRingOf(state.name) or backlogOf(state.name, '')) == 1
end

-- Puts a workspace that could start a turn into the ring. One that returns has no credit for the time without work.
local function enterRing(state)
  if not canRun(state) or redis.call('ZSCORE', ring, ringMember(state.time, state.name)) then return end
  local now = tonumber(redis.call('HGET', scheduler, 'time') or 0)
  if now > state.time then
    state.time = now
    redis.call('HSET', state.key, 'time', string.format('%.0f', now))
  end
  redis.call('ZADD', ring, state.running / state.weight, ringMember(state.time, state.name))
end

-- Puts a lane that has a queued turn, and was not in the rings, into them.
local function enterLane(state, key)
  if state.isKeyed then
    local lane = laneOf(state, key)
    if lane.running >= state.keyLimit then return end
    if state.keyTime > lane.time then
      lane.time = state.keyTime
      storeLane(state, key, lane)
    end
    redis.call('ZADD', keyRingOf(state.name), lane.running, ringMember(lane.time, key))
  end
  enterRing(state)
end

-- Removes a lane without a queued turn from the rings.
local function leaveLane(state, key)
  if state.isKeyed then
    redis.call('ZREM', keyRingOf(state.name), ringMember(laneOf(state, key).time, key))
    if hasLane(state) then return end
  end
  redis.call('ZREM', ring, ringMember(state.time, state.name))
end

-- From now on the workspace has a ring of keys. All its turns so far have no key.
local function becomeKeyed(state)
  state.isKeyed = true
  redis.call('HSET', state.key, 'keyed', 1)
  local lane = { running = state.running, time = 0 }
  state.lanes[''] = lane
  if lane.running > 0 then storeLane(state, '', lane) end
  if redis.call('EXISTS', backlogOf(state.name, '')) == 1 then enterLane(state, '') end
end

-- Adds a turn to the backlog of its lane.
local function queueTurn(job, workspace, key, rank)
  local backlog = backlogOf(workspace, key)
  if redis.call('ZADD', backlog, rank, job) == 0 then return end
  local queued = redis.call('HINCRBY', workspaceStateOf(workspace), 'queued', 1)
  local known = workspaceStates[workspace]
  -- Without fairness keys, all turns of a workspace wait in one lane.
  local isOneLane = known and not known.isKeyed and key == ''
  if (isOneLane and queued or redis.call('ZCARD', backlog)) > 1 then return end
  local state = stateOf(workspace)
  storeNew(state)
  if key ~= '' and not state.isKeyed then becomeKeyed(state) end
  enterLane(state, key)
end

-- Adds a turn to `returned` or `newer`, which come before the lanes.
local function queueBefore(set, mark, score, job)
  redis.call('ZADD', set, score, job)
  redis.call('ZADD', ring, mark == '!newer' and -2 or -1, mark)
end

-- Removes a queued turn from the set that contains it.
local function unqueueTurn(job, workspace, key)
  local backlog = backlogOf(workspace, key)
  if redis.call('ZREM', backlog, job) == 1 then
    redis.call('HINCRBY', workspaceStateOf(workspace), 'queued', -1)
    if redis.call('EXISTS', backlog) == 0 then leaveLane(stateOf(workspace), key) end
  elseif redis.call('ZREM', returned, job) == 1 then
    if redis.call('EXISTS', returned) == 0 then redis.call('ZREM', ring, '!returned') end
  elseif redis.call('ZREM', newer, job) == 1 then
    if redis.call('EXISTS', newer) == 0 then redis.call('ZREM', ring, '!newer') end
  end
end

-- Counts a turn that starts, after it has left its backlog.
local function takeSlot(job, state, key)
  storeNew(state)
  if redis.call('SADD', runningTurnsOf(state.name), job) == 0 then return end
  state.running = state.running + 1
  local member = ringMember(state.time, state.name)
  if state.isKeyed then
    local lane = laneOf(state, key)
    lane.running = lane.running + 1
    storeLane(state, key, lane)
    if lane.running < state.keyLimit then
      redis.call('ZADD', keyRingOf(state.name), 'XX', lane.running, ringMember(lane.time, key))
    else
      redis.call('ZREM', keyRingOf(state.name), ringMember(lane.time, key))
      if not hasLane(state) then redis.call('ZREM', ring, member) end
    end
  end
  if canRun(state) then
    redis.call('ZADD', ring, 'XX', state.running / state.weight, member)
  else
    redis.call('ZREM', ring, member)
  end
end

-- Frees the slot of a turn that has held it since `startedAt`, and charges the time to its lane and its workspace. What
-- was at its limit returns to the ring here.
local function freeSlot(job, workspace, key, startedAt)
  local state = stateOf(workspace)
  if redis.call('SREM', runningTurnsOf(workspace), job) == 0 then return end
  state.running = state.running - 1
  local used = math.max(0, now - tonumber(startedAt or now))
  if state.isKeyed then
    local lane, keys = laneOf(state, key), keyRingOf(workspace)
    local wasIn = redis.call('ZREM', keys, ringMember(lane.time, key)) == 1
    lane.running = math.max(0, lane.running - 1)
    lane.time = lane.time + used
    if not wasIn and state.keyTime > lane.time then lane.time = state.keyTime end
    local hasTurn = wasIn or redis.call('EXISTS', backlogOf(workspace, key)) == 1
    if hasTurn and lane.running < state.keyLimit then
      redis.call('ZADD', keys, lane.running, ringMember(lane.time, key))
    end
    storeLane(state, key, lane)
  end
  local wasIn = redis.call('ZREM', ring, ringMember(state.time, workspace)) == 1
  state.time = state.time + math.floor(used / state.weight)
  redis.call('HSET', state.key, 'time', string.format('%.0f', state.time))
  if wasIn then
    redis.call('ZADD', ring, state.running / state.weight, ringMember(state.time, workspace))
  elseif hasLane(state) then
    enterRing(state)
  end
end
