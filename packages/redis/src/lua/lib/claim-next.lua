-- @late
-- Puts lanes back into the rings of which a class has opened again. Returns whether there were any.
local function openLanes()
  local opening = redis.call('ZRANGE', closedOf(), '-inf', now, 'BYSCORE', 'LIMIT', 0, lanesOpened)
  for _, lane in ipairs(opening) do
    redis.call('ZREM', closedOf(), lane)
    local key, name = string.match(lane, '^(%S*) (%S+)$')
    local state = stateOf(name)
    for _, class in ipairs(state.classes) do
      local time = closedUntil(class)
      if time > 0 and time <= now then redis.call('HDEL', scheduler, 'closed:' .. class) end
    end
    if hasTurn(state, key) then enterLane(state, key) else awaitClass(state, key) end
  end
  if redis.call('EXISTS', closedOf()) == 0 then redis.call('ZREM', ring, '!closed') end
  return #opening > 0
end

-- Sets a turn aside that a claim cannot read or use. The doctor lists it.
local function setAside(job, state, key)
  if state then
    unqueueTurn(job, state.name, key)
  else
    -- The lane is unknown, so only the sets before the lanes can contain it.
    unqueueTurn(job, '', '')
  end
  redis.call('ZADD', brokenOf(), now, job)
end

-- The first turn of a lane in a workspace whose turns have classes, of those whose class is not closed.
local function firstOfClasses(state, key)
  local entry = redis.call('ZRANGE', backlogOf(state.name, key), 0, 0, 'WITHSCORES')
  local job, rank = entry[1], tonumber(entry[2])
  for _, class in ipairs(state.classes) do
    if closedUntil(class) <= now then
      entry = redis.call('ZRANGE', backlogOfClass(state.name, key, class), 0, 0, 'WITHSCORES')
      if entry[1] and (not job or tonumber(entry[2]) < rank) then job, rank = entry[1], tonumber(entry[2]) end
    end
  end
  return job
end

-- Whether a text comes before another one in the order of Redis. A comparison in Lua depends on the locale.
local function isBefore(text, other)
  for at = 1, #text do
    local a, b = string.byte(text, at), string.byte(other, at) or -1
    if a ~= b then return a < b end
  end
  return true
end
-- @end

-- The first turn of a workspace that is in the ring as `member`, or that is `waiting`, as `nextTurn` returns it. Sets
-- `isLast` of the workspace to whether the lane has no other turn, if that is known.
local function turnOf(state, member)
  local key = ''
  if state.isKeyed then
    local lanes = redis.call('ZRANGE', keyRingOf(state.name), '0', '1')
    key = string.sub(lanes[1] or '', 17)
    state.picked, state.hasOther = key, lanes[2] ~= nil
  end
  local job
  state.isLast = nil
  if #state.classes == 0 then
    local jobs = redis.call('ZRANGE', backlogOf(state.name, key), '0', '1')
    job, state.isLast = jobs[1], not jobs[2]
  else
    job = firstOfClasses(state, key)
  end
  if job then return job, state, key end
  -- Its classes are closed, or the ring is wrong.
  awaitClass(state, key)
  redis.call('ZREM', keyRingOf(state.name), redis.call('ZRANGE', keyRingOf(state.name), 0, 0)[1] or '')
  if not hasLane(state) then
    if member then redis.call('ZREM', ring, member) else waiting = nil end
  end
  return false
end

-- The turn that should start now: its entry, and the lane that it is in unless it is in `returned` or `newer`. In the
-- state of its workspace, `picked` is the key of this lane, and `hasOther` whether the ring of keys has another one. With
-- `mayQueue`, turns whose start has come are queued first, and the reply is that the caller must look again.
local function nextTurn(mayQueue)
  local first = redis.call('ZRANGE', ring, '0', '5', 'WITHSCORES')
  for at = 1, #first, 2 do
    local member = first[at]
    if member == '!due' then
      if mayQueue and first[at + 1] + dueBase <= now then
        queueDue(dueOfClaim)
        return false
      end
    elseif member == '!paused' then
      return nil
    elseif member == '!newer' then
      local job = redis.call('ZRANGE', newerOf(), '-inf', headVersion, 'BYSCORE', 'LIMIT', 0, 1)[1]
      if job then return job end
    elseif member == '!returned' then
      local job = redis.call('ZRANGE', returnedOf(), '-inf', now, 'BYSCORE', 'LIMIT', 0, 1)[1]
      if job then return job end
    elseif member == '!closed' then
      if openLanes() then return false end
    else
      if waiting then
        local lead = tonumber(first[at + 1]) - waiting.running / waiting.weight
        if lead == 0 then lead = tonumber(string.sub(member, 1, 15)) - waiting.time end
        if lead > 0 or lead == 0 and isBefore(memberOf(waiting), member) then break end
      end
      return turnOf(stateOf(string.sub(member, 17)), member)
    end
  end
  if waiting then return turnOf(waiting) end
end

-- Claims the turn that should start now, for a slot. Returns the reply, as of `claimTurn`, or { 'none' } or { 'lost' };
-- and whether a ticket may be wanted: a claim that found nothing never asks for one. A slot keeps its latest attempt, so
-- a repetition gets the same turn again, and never a second one.
local function claimNext()
  local slotField = 'slot:' .. slot
  local stored, storedTime, resumedAt = unpack(redis.call('HMGET', scheduler, slotField, 'time', 'resumed-at'))
  isGathering = true
  shardResumedAt = tonumber(resumedAt or 0)
  if stored then
    local last = string.sub(stored, 1, string.find(stored, ' ', 1, true) - 1)
    if last > attempt then return { 'lost' }, false end
    local job = last == attempt and string.match(stored, '^%S+ (%S*)') or ''
    if job ~= '' then
      local holder, status = unpack(redis.call('HMGET', headOf(taskOf(job)), 'attempt', 'status'))
      if holder ~= attempt or status ~= 'running' then return { 'lost' }, false end
      return (claimTurn(job, true)), true
    end
  end
  local isExhausted = true
  for candidate = 1, candidatesOfClaim do
    local job, state, key = nextTurn(candidate == 1)
    if job == nil then
      isExhausted = false
      break
    end
    if job then
      local ok, reply, why, workspace, laneKey, version = pcall(claimTurn, job, true, state and state.isLast)
      if not ok then
        if isRefusal(reply) then return reply, false end
        setAside(job, state, key)
      elseif reply then
        if reply[1] == 'claimed' then
          -- With the last space, the text has more than 64 bytes: Redis then finds a slot without a search.
          local fields = { slotField, attempt .. ' ' .. job .. ' ' }
          if state and state.time > tonumber(storedTime or 0) then
            fields[3], fields[4] = 'time', string.format('%d', state.time)
          end
          redis.call('HSET', scheduler, unpack(fields))
        end
        return reply, true
      elseif why == 'newer' then
        unqueueTurn(job, workspace, laneKey)
        queueBefore(newerOf(), '!newer', version, job)
      elseif why == 'unusable' then
        setAside(job, state, key)
      end
    end
  end
  redis.call('HSET', scheduler, slotField, attempt .. ' ')
  return { 'none' }, isExhausted
end
