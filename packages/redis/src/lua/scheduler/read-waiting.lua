--[[ Reads why turns wait: those of `turns` that are queued or parked. A turn without a number is the latest of its task.
  With `isBrief` it does not look for the tasks that hold them up. Changes nothing.
  Returns { now, number of living workers, a list for each turn that waits: { task, time of its latest fact, its latest
  fact if that is its parking or '', where it is queued, number of turns before it or '', time from which on it may start
  or '', 1 when its worker lost it, its start or '', its rate or '', 1 when it is paused, running turns of its workspace,
  their limit or '', running turns of its key, their limit or '', tasks that hold it up } }. ]]
-- @include now
-- @include ring
local isShardPaused = redis.call('ZSCORE', ring, '!paused')

-- Where a queued turn is, the number of turns before it in its lane, and the time from which on it may start.
local function placeOf(job, workspace, key, class)
  local ahead = redis.call('ZRANK', backlogOf(workspace, key), job)
    or class and redis.call('ZRANK', backlogOfClass(workspace, key, class), job)
  if ahead then return 'lane', ahead, '' end
  local returnsAt = redis.call('ZSCORE', returnedOf(), job)
  if returnsAt then return 'returned', '', returnsAt end
  if redis.call('ZSCORE', newerOf(), job) then return 'newer', '', '' end
  if redis.call('ZSCORE', brokenOf(), job) then return 'broken', '', '' end
  return 'none', '', ''
end

-- Running tasks of a workspace, or those of one of its keys.
local function runningTasks(workspace, key)
  local tasks = {}
  local count = key and holdersExamined or holdersShown
  for _, job in ipairs(redis.call('SRANDMEMBER', runningTurnsOf(workspace), count)) do
    local task = string.sub(job, 6, 31)
    if not key or (redis.call('HGET', headOf(task), 'fk') or '') == key then tasks[#tasks + 1] = task end
    if #tasks == holdersShown then break end
  end
  return tasks
end

-- The tasks of sub-agents that have not ended.
local function liveChildren(children)
  local tasks, examined = {}, 0
  for task in string.gmatch(children, '%S+') do
    if isLive(redis.call('HGET', headOf(task), 'status')) then tasks[#tasks + 1] = task end
    examined = examined + 1
    if #tasks == holdersShown or examined == holdersExamined then break end
  end
  return tasks
end

-- The text of a limit, or '' for none.
local function limitText(limit) return limit < math.huge and string.format('%.0f', limit) or '' end

local waiting = {}
for task, number in turns() do
  local status, turn, job, workspace, storedKey, startAt, rate, by, crashes, children, class = unpack(redis.call('HMGET',
    headOf(task), 'status', 'turn', 'job', 'ws', 'fk', 'start-at', 'wait', 'by', 'deaths', 'children', 'class'))
  if (status == 'queued' or status == 'parked') and (number == '' or number == turn) then
    local key = storedKey or ''
    local latest = redis.call('LINDEX', logOf(task), -1) or ''
    local at, type = string.match(latest, '^{"v":%d+,"pos":%d+,"at":(%d+),"type":"([^"]*)"')
    local place, ahead, returnsAt = status, '', ''
    if status == 'queued' then place, ahead, returnsAt = placeOf(job, workspace, key, class) end
    -- Turns of a closed class wait for the same rate as the turn that has closed it.
    if class and closedUntil(class) > now then rate = redis.call('HGET', scheduler, 'closed:' .. class) end
    local state = stateOf(workspace)
    local running, limit = state.running, state.limit
    local keyRunning, keyLimit = running, state.keyLimit
    if state.isKeyed then keyRunning, keyLimit = laneOf(state, key).running, laneOf(state, key).limit end
    local holders = {}
    if not isBrief then
      if status == 'parked' then
        holders = liveChildren(children or '')
      elseif running >= limit then
        holders = runningTasks(workspace)
      elseif keyRunning >= keyLimit then
        holders = runningTasks(workspace, key)
      end
    end
    waiting[#waiting + 1] = { task, at or now, type == 'turn.parked' and latest or '', place, ahead, returnsAt,
      (by or tonumber(crashes or 0) > 0) and 1 or 0, startAt or '', rate or '',
      (isShardPaused or state.isPaused) and 1 or 0, running, limitText(limit), keyRunning, limitText(keyLimit),
      holders }
  end
end
return { now, redis.call('ZCOUNT', workers, now - silentMs, '+inf'), waiting }
