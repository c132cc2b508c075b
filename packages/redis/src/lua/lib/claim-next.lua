-- The turn that should start now: its entry, and the lane that it is in unless it is in `returned` or `newer`.
local function nextTurn()
  local first = redis.call('ZRANGE', ring, 0, 3)
  for _, member in ipairs(first) do
    if member == '!paused' then
      return nil
    elseif member == '!newer' then
      local job = redis.call('ZRANGE', newer, '-inf', headVersion, 'BYSCORE', 'LIMIT', 0, 1)[1]
      if job then return job end
    elseif member == '!returned' then
      local job = redis.call('ZRANGE', returned, '-inf', now, 'BYSCORE', 'LIMIT', 0, 1)[1]
      if job then return job end
    else
      local name, key = string.sub(member, 17), ''
      local state = stateOf(name)
      if state.isKeyed then key = string.sub(redis.call('ZRANGE', keyRingOf(name), 0, 0)[1] or '', 17) end
      local job = redis.call('ZRANGE', backlogOf(name, key), 0, 0)[1]
      if job then return job, state, key end
      -- The ring is wrong: the lane has no turn.
      redis.call('ZREM', keyRingOf(name), redis.call('ZRANGE', keyRingOf(name), 0, 0)[1] or '')
      if not hasLane(state) then redis.call('ZREM', ring, member) end
      return false
    end
  end
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

local function messageOf(failure) return type(failure) == 'table' and failure.err or tostring(failure) end

-- Whether Redis refused a write: the turn is not the reason.
local function isRefusal(failure)
  local code = string.match(messageOf(failure), '^%u+')
  return code == 'OOM' or code == 'READONLY' or code == 'MISCONF' or code == 'NOREPLICAS'
end

-- Claims the turn that should start now, for a slot. Returns the reply, as of `claimTurn`, or { 'none' } or { 'lost' };
-- and whether a ticket may be wanted: a claim that found nothing never asks for one. A slot keeps its latest attempt, so a repetition gets the same turn again, and never a second one.
local function claimNext()
  local slotField = 'slot:' .. slot
  local stored, storedTime, resumedAt = unpack(redis.call('HMGET', scheduler, slotField, 'time', 'resumed-at'))
  shardResumedAt = tonumber(resumedAt or 0)
  if stored then
    local last, job = string.match(stored, '^(%S*) (%S*)$')
    if last > attempt then return { 'lost' }, false end
    if last == attempt and job ~= '' then
      local holder, status = unpack(redis.call('HMGET', headOf(taskOf(job)), 'attempt', 'status'))
      if holder ~= attempt or status ~= 'running' then return { 'lost' }, false end
      return (claimTurn(job, true)), true
    end
  end
  local isExhausted = true
  for _ = 1, candidatesOfClaim do
    local job, state, key = nextTurn()
    if job == nil then
      isExhausted = false
      break
    end
    if job then
      local ok, reply, why, workspace, laneKey, version = pcall(claimTurn, job, true)
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
          if state and state.isKeyed and laneOf(state, key).time > state.keyTime then
            state.keyTime = laneOf(state, key).time
            redis.call('HSET', state.key, 'key-time', string.format('%.0f', state.keyTime))
          end
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
