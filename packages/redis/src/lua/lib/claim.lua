-- Claims: a named turn, or the turn that should start now.
-- @include waiting-text

-- The task of a turn's entry.
local function taskOf(job) return string.sub(job, 6, 31) end

-- Whether the lane of a turn is below its limits.
local function mayStart(state, key) return canRun(state) and (not state.isKeyed or laneOf(state, key).running < laneOf(state, key).limit) end

-- @late
-- Puts a turn that may not start yet back into its lane.
local function putBack(job, state, key)
  unqueueTurn(job, state.name, key)
  queueTurn(job, state.name, key, 0)
end

local function postpone(job, workspace, key, untilTime)
  unqueueTurn(job, workspace, key)
  queueBefore(returnedOf(), '!returned', untilTime, job)
end
-- @end

-- Claims a queued turn, or repeats the reply to the attempt that has it. `isPicked` is false for a turn that the caller
-- names, `isLast` is whether its lane has no other turn, if that is known. Returns the reply; or nil and why there is none:
-- 'unusable', 'newer', 'limit' or 'postponed'. A turn that starts later, or that has expired, is postponed. Reads come
-- before writes, so that a turn that cannot be read changes nothing.
local function claimTurn(job, isPicked, isLast)
  local taskId = taskOf(job)
  local head, log = headOf(taskId), logOf(taskId)
  local version, status, currentJob, turn, workspace, key, lastEpoch, storedBytes, storedUnheld, lastPos, startAt,
    expires, class, started = unpack(redis.call('HMGET', head, 'v', 'status', 'job', 'turn', 'ws', 'fk', 'epoch',
      'bytes', 'unheld', 'pos', 'start-at', 'expires', 'class', 'started'))
  local lastAttempt, cancel, open, lastWorker, lastRedis, storedCrashes, storedStreamed, storedAlone, crashedAt,
    storedLost, wait, lastClaim
  -- A task that no worker has had yet has none of these.
  if lastEpoch then
    lastAttempt, cancel, open, lastWorker, lastRedis, storedCrashes, storedStreamed, storedAlone, crashedAt, storedLost,
      wait, lastClaim = unpack(redis.call('HMGET', head, 'attempt', 'cancel', 'open', 'by', 'redis', 'deaths',
        'streamed', 'alone', 'died', 'lost', 'wait', 'since'))
  end
  local isAgain = status == 'running' and lastAttempt == attempt
  if not version or currentJob ~= job or not (status == 'queued' or isAgain) then return nil, 'unusable' end
  key = key or ''
  if tonumber(version) > headVersion then return nil, 'newer', workspace, key, tonumber(version) end

  if not isAgain then
    local waitsUntil = startAt and tonumber(startAt) > now and startAt
      or expires and tonumber(expires) <= now and now + expiredAgainMs
    if waitsUntil then
      if isPicked then
        unqueueTurn(job, workspace, key)
        delayTurn(job, waitsUntil)
      end
      return nil, 'postponed'
    end
  end

  local bytes = tonumber(storedBytes or 0)
  local held = bytes - tonumber(storedUnheld or 0)
  if maxHeldBytes and held > maxHeldBytes then return { 'large', taskId, turn, held, workspace } end
  local isUnread = bytes > largeBytes
  local facts = redis.call('LRANGE', log, isUnread and '-1' or '0', '-1')
  for _, fact in ipairs(facts) do
    -- Every fact begins with its version. A fact without one is broken, and the worker reports it.
    local v = string.sub(fact, 1, #factStart) ~= factStart and string.match(fact, '^{"v":(%d+)')
    if v and tonumber(v) > writtenVersion then return nil, 'newer', workspace, key, headVersion + 1 end
  end
  local deadline = redis.call('ZSCORE', deadlines, deadlineOf(job)) or ''
  local crashes, streamed, alone = 0, 0, 0
  if storedCrashes then crashes, streamed, alone = crashCounts(storedCrashes, storedStreamed, storedAlone) end
  local epoch, length, rates = lastEpoch or '0', nil, ''

  if not isAgain then
    local state = stateOf(workspace)
    rates = state.rates
    if not mayStart(state, key) then
      putBack(job, state, key)
      return nil, 'limit'
    end
    local lost, crashed = storedLost, false
    local run = redisRun
    if run == '' or lastWorker and lastWorker ~= '' then
      run = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
    end
    if lastWorker and lastWorker ~= '' and lastRedis == run then
      -- Workers send a heartbeat every quarter of the lock. The last heartbeat may be later than that of the lease.
      local beat = tonumber(redis.call('ZSCORE', workersOf(), lastWorker) or 0)
      crashed = beat + lockMs * 0.75 <= now
    end
    if crashed then
      crashes, streamed, lost = crashes + 1, streamed + (open and 1 or 0), ''
    end
    local isSuspected = not isAlone and alone <= condemningAlone
      and crashes - math.min(streamed, forgivenStreamed) >= suspectCrashes
    if leavesCrashed and not crashed and not isSuspected and crashes >= severalCrashes then
      postpone(job, workspace, key, now + crashedDelayMs)
      return nil, 'postponed'
    end
    -- A turn that has crashed several workers waits for a lock time for each of them but the first.
    local waits = isPicked and crashed and crashes > 1
    if isSuspected or waits then
      -- First what a full Redis refuses.
      redis.call('HSET', head, 'status', 'queued', 'lost', lost or '')
      if crashed then storeCrashCounts(head, now, crashes, streamed, alone) end
      redis.call('HDEL', head, 'attempt', 'by')
      postpone(job, workspace, key, now + lockMs * (isSuspected and 1 or crashes - 1))
      if not isSuspected then return nil, 'postponed' end
      local sinceMs = crashed and 0 or now - tonumber(crashedAt or 0)
      return { 'suspect', taskId, turn, workspace, crashes, alone, sinceMs }
    end

    -- First what a full Redis refuses: work that could not be recorded is not begun.
    redis.call('ZADD', leases, string.format('%d', now + lockMs), job)
    unqueueTurn(job, workspace, key, class, isLast)
    takeSlot(job, state, key)
    epoch = string.format('%d', tonumber(epoch) + 1)
    local at = string.format('%d', now)
    local isLost = lastWorker and lastWorker ~= ''
      or crashes > 0 and tonumber(crashedAt or 0) > tonumber(lastClaim or 0)
    local waited, isFirst = '', not lastEpoch
    local since = tonumber(string.match(started or '', '^{"at":(%d+)')) or now
    if not isFirst or startAt or wait or isLost or heldUntil(state, key) > since then
      waited = waitedText(state, key, since, { isLost = isLost, isFirst = isFirst, startTime = startAt, rate = wait })
    end
    local start = startAt and ',"startAt":' .. startAt or ''
    local ends =
      { '"type":"attempt.started","attempt":"' .. attempt .. '","epoch":' .. epoch .. start .. waited .. '}' }
    -- @include abandon-parts
    local pos
    pos, length = recordAll(log, lastPos, at, ends)
    local fields = { 'status', 'running', 'attempt', attempt, 'epoch', epoch, 'ordinal', '0', 'by', worker, 'redis', run,
      'since', at, 'pos', textOf(pos), 'own', textOf(pos) .. ' ' .. at }
    local count = #fields
    if tonumber(version) < headVersion then
      fields[count + 1], fields[count + 2] = 'v', headVersion
      count = count + 2
    end
    if storedCrashes or crashed then
      fields[count + 1], fields[count + 2] = 'deaths', crashes
      count = count + 2
    end
    if lastWorker then fields[count + 1], fields[count + 2] = 'lost', lost or '' end
    redis.call('HSET', head, unpack(fields))
    if open then redis.call('HDEL', head, 'open') end
    if expires then
      redis.call('HDEL', head, 'expires')
      redis.call('ZREM', expiriesOf(), job)
    end
    if class or wait then redis.call('HDEL', head, 'class', 'wait') end
    if crashed then storeCrashCounts(head, now, crashes, streamed, alone) end
    notify(wake, taskId, pos, 'fact')
    -- The first attempt of a turn follows its first fact.
    if state.listens and string.find(started or '', '"fact":' .. length - 2 .. ',', 1, true) then
      redis.call('ZADD', eventsOf(), now, job .. ' ' .. pos .. ' ' .. length - 1)
    end
    for _, fact in ipairs(ends) do facts[#facts + 1] = fact end
  else
    redis.call('ZADD', leases, now + lockMs, job)
    length = redis.call('LLEN', log)
  end
  if isUnread or alone > condemningAlone then facts = {} end
  return { 'claimed', taskId, turn, attempt, epoch, cancel and 1 or 0, facts, workspace, crashes, length, bytes, deadline,
    isUnread and 1 or 0, alone, held, rates, wait or '' }
end
