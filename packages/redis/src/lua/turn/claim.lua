--[[ Claims a turn for one attempt.
  Returns one of:
  { 'claimed', epoch, cancel requested 0|1, facts, workspace, crashes, log length, log bytes, deadline or '', 1 when
  the log is too large for this reply, crashes alone, bytes to hold };
  { 'busy', ms until the lease ends };
  { 'suspect', workspace, crashes, crashes alone, ms since the last } when only a separate process may have the turn;
  { 'stale' } when the job was superseded or the turn has ended;
  { 'newer' } when a newer version wrote the head or a fact; nothing is changed;
  { 'large', bytes to hold, workspace }; nothing is changed.
  Only the last fact of a log that is too large is checked.
  A crash is an attempt without a release and without a later fact, whose process is silent now, while Redis was
  available all the time. When the crashes alone exceed `condemningAlone`, no facts are returned, because they may be
  the cause.
  The same attempt gets the same reply again. ]]
-- @include deadline-members
-- @include log
-- @include notify
-- @include crashes
-- @include lost-attempt
local version, status, currentJob, lastAttempt, cancel, workspace, lastEpoch, open, lastWorker, lastRedis, storedCrashes,
  storedBytes, storedStreamed, storedAlone, crashedAt, storedLost, storedUnheld =
  unpack(redis.call('HMGET', head, 'v', 'status', 'job', 'attempt', 'cancel', 'ws', 'epoch', 'open',
    'by', 'redis', 'deaths', 'bytes', 'streamed', 'alone', 'died', 'lost', 'unheld'))
if not version or currentJob ~= job or not (status == 'queued' or status == 'running') then
  redis.call('ZREM', outbox, job)
  return { 'stale' }
end
if tonumber(version) > newestVersion then return { 'newer' } end

-- @include now
if status == 'running' and lastAttempt ~= attempt then
  local till = tonumber(redis.call('ZSCORE', leases, job) or 0)
  if till > now then return { 'busy', till - now } end
end

local bytes = tonumber(storedBytes or 0)
local held = bytes - tonumber(storedUnheld or 0)
if maxHeldBytes and held > maxHeldBytes then return { 'large', held, workspace } end

local unread = bytes > maxSentBytes
local facts = redis.call('LRANGE', log, unread and -1 or 0, -1)
for _, fact in ipairs(facts) do
  -- Every fact begins with its version. A fact without one is broken, and the worker reports it.
  local v = string.match(fact, '^{"v":(%d+)')
  if v and tonumber(v) > newestVersion then return { 'newer' } end
end

local isNew = status == 'queued' or lastAttempt ~= attempt
local crashes, streamed, alone = crashCounts(storedCrashes, storedStreamed, storedAlone)
-- An attempt whose lease has expired may still report its crash, unless the crash is counted here.
local lost = status == 'running' and lostAttempt(lastAttempt, open) or storedLost
local crashed, redisRun = false, nil
if isNew then
  redisRun = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
  if lastWorker and lastWorker ~= '' and lastRedis == redisRun then
    -- Workers send a heartbeat every quarter of the lock. The last heartbeat may be later than that of the lease.
    local beat = tonumber(redis.call('ZSCORE', workers, lastWorker) or 0)
    crashed = beat + lockMs * 0.75 <= now
  end
  if crashed then
    crashes, streamed, lost = crashes + 1, streamed + (open and 1 or 0), ''
  end
end

local suspected = crashes - math.min(streamed, forgivenStreamed) >= suspectCrashes
if isNew and not isAlone and suspected and alone <= condemningAlone then
  -- First what a full Redis refuses.
  redis.call('HSET', head, 'status', 'queued', 'lost', lost or '')
  if crashed then storeCrashCounts(head, now, crashes, streamed, alone) end
  redis.call('HDEL', head, 'attempt', 'by')
  redis.call('ZREM', leases, job)
  redis.call('ZADD', outbox, now + jobLostAfterMs, job)
  return { 'suspect', workspace, crashes, alone, crashed and 0 or now - tonumber(crashedAt or 0) }
end

-- First what a full Redis refuses: work that could not be recorded is not begun.
redis.call('ZADD', leases, now + lockMs, job)
redis.call('ZREM', outbox, job)
local epoch = tonumber(lastEpoch or 0)
if isNew then
  epoch = epoch + 1
  redis.call('HSET', head, 'status', 'running', 'attempt', attempt, 'epoch', epoch, 'ordinal', 0,
    'by', worker, 'redis', redisRun, 'deaths', crashes)
  if crashed then storeCrashCounts(head, now, crashes, streamed, alone) end
  if lastWorker then redis.call('HSET', head, 'lost', lost or '') end
  -- @include abandon-parts
  local fact = '{"type":"attempt.started","attempt":"' .. attempt .. '","epoch":' .. epoch .. '}'
  notify(wake, taskId, record(head, log, now, fact), 'fact')
end
if unread or alone > condemningAlone then
  facts = {}
else
  for _, fact in ipairs(redis.call('LRANGE', log, #facts, -1)) do facts[#facts + 1] = fact end
end
return { 'claimed', epoch, cancel and 1 or 0, facts, workspace, crashes, redis.call('LLEN', log), bytes,
  redis.call('ZSCORE', deadlines, deadlineOf(job)) or '', unread and 1 or 0, alone, held }
