-- @late
-- Puts lanes back into the rings of which a class has opened again. Returns whether there were any.
local function openLanes()
  local opening = redis.call('ZRANGE', closed, '-inf', now, 'BYSCORE', 'LIMIT', 0, lanesOpened)
  for _, lane in ipairs(opening) do
    redis.call('ZREM', closed, lane)
    local key, name = string.match(lane, '^(%S*) (%S+)$')
    local state = stateOf(name)
    for _, class in ipairs(state.classes) do
      local time = closedUntil(class)
      if time > 0 and time <= now then redis.call('HDEL', scheduler, 'closed:' .. class) end
    end
    if hasTurn(state, key) then enterLane(state, key) else awaitClass(state, key) end
  end
  if redis.call('EXISTS', closed) == 0 then redis.call('ZREM', ring, '!closed') end
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
  redis.call('ZADD', broken, now, job)
end
-- @end

-- The turn of a lane that starts first, of those whose class is not closed. Sets `isLast` of the workspace when the lane
-- has no other turn.
local function firstTurn(state, key)
  state.isLast = nil
  if #state.classes == 0 then
    local job, following = unpack(redis.call('ZRANGE', backlogOf(state.name, key), 0, 1))
    state.isLast = not following
    return job
  end
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

-- The turn that should start now: its entry, and the lane that it is in unless it is in `returned` or `newer`. In the
-- state of its workspace, `picked` is the key of this lane, and `hasOther` whether the ring of keys has another one. With
-- `mayQueue`, turns whose start has come are queued first, and the reply is that the caller must look again.
local function nextTurn(mayQueue)
  local first = redis.call('ZRANGE', ring, 0, 5, 'WITHSCORES')
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
      local job = redis.call('ZRANGE', newer, '-inf', headVersion, 'BYSCORE', 'LIMIT', 0, 1)[1]
      if job then return job end
    elseif member == '!returned' then
      local job = redis.call('ZRANGE', returned, '-inf', now, 'BYSCORE', 'LIMIT', 0, 1)[1]
      if job then return job end
    elseif member == '!closed' then
      if openLanes() then return false end
    else
      local name, key = string.sub(member, 17), ''
      local state = stateOf(name)
      if state.isKeyed then
        local first, second = unpack(redis.call('ZRANGE', keyRingOf(name), 0, 1))
        key = string.sub(first or '', 17)
        state.picked, state.hasOther = key, second ~= nil
      end
      local job = firstTurn(state, key)
      if job then return job, state, key end
      -- Its classes are closed, or the ring is wrong.
      awaitClass(state, key)
      redis.call('ZREM', keyRingOf(name), redis.call('ZRANGE', keyRingOf(name), 0, 0)[1] or '')
      if not hasLane(state) then redis.call('ZREM', ring, member) end
      return false
    end
  end
end

-- Claims the turn that should start now, for a slot. Returns the reply, as of `claimTurn`, or { 'none' } or { 'lost' };
-- and whether a ticket may be wanted: a claim that found nothing never asks for one. A slot keeps its latest attempt, so
-- a repetition gets the same turn again, and never a second one.
local function claimNext()
  local slotField = 'slot:' .. slot
  local stored, storedTime, resumedAt = unpack(redis.call('HMGET', scheduler, slotField, 'time', 'resumed-at'))
  shardResumedAt = tonumber(resumedAt or 0)
  if stored then
    local last = string.sub(stored, 1, string.find(stored, ' ', 1, true) - 1)
    if last > attempt then return { 'lost' }, false end
    local job = last == attempt and string.sub(stored, #last + 2) or ''
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
          local fields = { slotField, attempt .. ' ' .. job }
          if state and state.time > tonumber(storedTime or 0) then
            fields[3], fields[4] = 'time', string.format('%.0f', state.time)
          end
          redis.call('HSET', scheduler, unpack(fields))
        end
        return reply, true
      elseif why == 'newer' then
        unqueueTurn(job, workspace, laneKey)
        queueBefore(newer, '!newer', version, job)
      elseif why == 'unusable' then
        setAside(job, state, key)
      end
    end
  end
  redis.call('HSET', scheduler, slotField, attempt .. ' ')
  return { 'none' }, isExhausted
end
