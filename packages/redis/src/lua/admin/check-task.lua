#!lua flags=allow-oom
--[[ Compares a task's head with the sets of its shard and with its log, atomically, and repairs differences.
  `foundQueued` (a member of the set `foundIn`), `foundLease` and `foundDeadline` are the members by which the task was
  found; each may be ''. A turn that has lost its deadline gets a new one in `deadlineMs`.
  Returns the names of the faults; none for a task that a newer version wrote. ]]
-- @include deadline-members
-- @include now
-- @include ring
local wrong = {}

local function report(name, ...)
  wrong[#wrong + 1] = name
  if repair then redis.call(...) end
end
local function mustHave(name, set, score, member)
  if not redis.call('ZSCORE', set, member) then report(name, 'ZADD', set, score, member) end
end
local function mustNotHave(name, set, member)
  if redis.call('ZSCORE', set, member) then report(name, 'ZREM', set, member) end
end

local version, status, job, keptMs, storedPos, workspace, key, rank, started, start, expires =
  unpack(redis.call('HMGET', head, 'v', 'status', 'job', 'keep', 'pos', 'ws', 'fk', 'rank', 'started', 'start-at',
    'expires'))
if version and tonumber(version) > headVersion then return wrong end
local live = isLive(status)
local ends, wakes = job and deadlineOf(job), job and wakeOf(job)

-- Members that refer to this task but do not belong to its live turn.
if not (live and foundQueued == job) and redis.call('ZSCORE', foundIn, foundQueued) then
  wrong[#wrong + 1] = 'queue-stray'
  local foundWorkspace, foundKey = string.match(foundIn, ':backlog:([^:]*):(.*)$')
  -- The backlog of a class has the class after the key.
  foundKey = foundKey and string.match(foundKey, '^[^~]*')
  if repair then unqueueTurn(foundQueued, foundWorkspace or '', foundKey or '') end
end
if not (live and foundLease == job) then mustNotHave('lease-stray', leases, foundLease) end
local timed = live and (foundDeadline == ends or foundDeadline == cancelOf(taskId)) or status == 'parked' and foundDeadline == wakes
if not timed then mustNotHave('deadline-stray', deadlines, foundDeadline) end

if not status or status == 'forgotten' then
  mustNotHave('forget-stray', purges, taskId)
  mustNotHave('failed-stray', failed, taskId)
  for index in indexes() do mustNotHave('index-stray', index, taskId) end
  return wrong
end

local last = redis.call('LINDEX', log, -1) or ''
if live then
  -- A turn of an earlier version that still waits in its outbox is adopted by the reconciler.
  local isOwn = tonumber(version) >= headVersion
  key = key or ''
  local sets = { backlogOf(workspace, key), returnedOf(), newerOf(), dueOf() }
  for _, class in ipairs(stateOf(workspace).classes) do sets[#sets + 1] = backlogOfClass(workspace, key, class) end
  local places = 0
  for _, set in ipairs(sets) do if redis.call('ZSCORE', set, job) then places = places + 1 end end
  if status == 'queued' and isOwn and places == 0 then
    wrong[#wrong + 1] = 'queue-missing'
    -- @include rank-of-former
    if repair then
      if start and tonumber(start) > now then delayTurn(job, start) else queueTurn(job, workspace, key, rank) end
    end
  elseif status ~= 'queued' and places > 0 or places > 1 then
    wrong[#wrong + 1] = 'queue-extra'
    if repair then for _ = 1, places - (status == 'queued' and 1 or 0) do unqueueTurn(job, workspace, key) end end
  end
  local hasSlot = redis.call('SISMEMBER', runningTurnsOf(workspace), job) == 1
  if isOwn and hasSlot ~= (status == 'running') then
    wrong[#wrong + 1] = 'slot-wrong'
    if repair and hasSlot then freeSlot(job, workspace, key, now, 0, 0) end
    if repair and not hasSlot then takeSlot(job, stateOf(workspace), key) end
  end
  -- The new lease expires at once, because the worker may be dead.
  if status == 'running' then mustHave('lease-missing', leases, now, job) else mustNotHave('lease-extra', leases, job) end
  mustHave('deadline-missing', deadlines, math.max(now, tonumber(start or now)) + deadlineMs, ends)
  if status == 'parked' then mustHave('deadline-missing', deadlines, now, wakes) end
  if status == 'queued' and expires then mustHave('deadline-missing', expiriesOf(), expires, job) end
  mustNotHave('forget-stray', purges, taskId)
  mustNotHave('failed-stray', failed, taskId)
else
  if redis.call('ZSCORE', backlogOf(workspace, key or ''), job) then
    wrong[#wrong + 1] = 'queue-stray'
    if repair then unqueueTurn(job, workspace, key or '') end
  end
  mustNotHave('lease-stray', leases, job)
  mustNotHave('deadline-stray', deadlines, ends)
  mustNotHave('deadline-stray', deadlines, wakes)
  local ended = tonumber(string.match(last, '"at":(%d+)')) or now
  mustHave('forget-missing', purges, ended + tonumber(keptMs), taskId)
  if status == 'failed' then mustHave('failed-missing', failed, ended, taskId) else mustNotHave('failed-stray', failed, taskId) end
end
for index in indexes() do mustHave('index-missing', index, 0, taskId) end

local pos = tonumber(string.match(last, '"pos":(%d+)'))
local piece = redis.call('XREVRANGE', deltas, '+', '-', 'COUNT', 1)[1]
if pos and piece then pos = math.max(pos, tonumber(string.match(piece[1], '^%d+'))) end
if pos and tonumber(storedPos) ~= pos then report('pos', 'HSET', head, 'pos', string.format('%.0f', pos)) end
return wrong
