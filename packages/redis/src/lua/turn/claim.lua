--[[ Gives a turn to one attempt.
  KEYS 1 head  2 log  3 outbox  4 leases  5 wake  6 workers  7 deadlines
  ARGV 1 now or ''  2 task id  3 job id  4 attempt id  5 lock in ms
       6 id of the worker process, or ''  7 '1' when it runs this turn alone, else ''
       8 the newest version of heads and facts that the worker can read  9 bytes of a log that comes with the claim
       10 how many deaths make a suspect  11 how many of those after output do not count  12 how many alone condemn it
       13 bytes that the log may hold, or '' for any number
  Returns { 'claimed', epoch, cancel requested 0|1, facts, workspace, deaths, log length, log bytes,
  deadline or '', 1 when the log is larger and the worker reads it by itself, deaths alone, bytes that it holds },
  { 'busy', ms until the lease ends },
  { 'suspect', workspace, deaths, deaths alone, ms since the last } when only a process of its own may have the turn,
  { 'stale' } when the job was superseded or the turn has ended, { 'newer' } when a newer version wrote the head or a fact:
  then nothing was changed, nor with { 'large', bytes that the log holds, workspace }. Of a larger log only the last fact is looked at.
  A death is an attempt without a release and without a fact since, whose process is silent by now, while Redis
  was there all the time. When one more died alone than condemn it, the facts are kept back: they may be what kills.
  The same attempt again gets the same answer. ]]
-- @include record
-- @include deaths
local head, log, outbox, leases, wake = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local task, job, attempt, lock = ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])

local has = redis.call('HMGET', head, 'v', 'status', 'job', 'attempt', 'cancel', 'ws', 'epoch', 'open',
  'by', 'redis', 'deaths', 'bytes', 'streamed', 'alone', 'died', 'lost', 'unheld')
local waits = has[2] == 'queued' or has[2] == 'running'
if not has[1] or has[3] ~= job or not waits then
  redis.call('ZREM', outbox, job)
  return { 'stale' }
end
if tonumber(has[1]) > tonumber(ARGV[8]) then return { 'newer' } end

local now = clock(ARGV[1])
if has[2] == 'running' and has[4] ~= attempt then
  local till = tonumber(redis.call('ZSCORE', leases, job) or 0)
  if till > now then return { 'busy', till - now } end
end

local bytes = tonumber(has[12] or 0)
local held = bytes - tonumber(has[17] or 0)
if ARGV[13] ~= '' and held > tonumber(ARGV[13]) then return { 'large', held, has[6] } end

local unread = bytes > tonumber(ARGV[9])
local facts = redis.call('LRANGE', log, unread and -1 or 0, -1)
for _, fact in ipairs(facts) do
  -- Every fact begins with its version; what does not is broken, and the worker says so.
  local v = string.match(fact, '^{"v":(%d+)')
  if v and tonumber(v) > tonumber(ARGV[8]) then return { 'newer' } end
end

local isNew = has[2] == 'queued' or has[4] ~= attempt
local deaths, streamed, alone = deathsOf(has[11], has[13], has[14])
-- An attempt whose lease ran out may still report what became of it, unless its death is counted here.
local lost = has[2] == 'running' and lostOf(has[4], has[8]) or has[16]
local died, id = false, nil
if isNew then
  id = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
  if has[9] and has[9] ~= '' and has[10] == id then
    -- Workers beat every quarter of the lock; the last beat may have come after that of the lease.
    local beat = tonumber(redis.call('ZSCORE', KEYS[6], has[9]) or 0)
    died = beat + lock * 0.75 <= now
  end
  if died then
    deaths, streamed, lost = deaths + 1, streamed + (has[8] and 1 or 0), ''
  end
end

local suspected = deaths - math.min(streamed, tonumber(ARGV[11])) >= tonumber(ARGV[10])
if isNew and ARGV[7] == '' and suspected and alone <= tonumber(ARGV[12]) then
  -- First what a full Redis refuses.
  redis.call('HSET', head, 'status', 'queued', 'lost', lost or '')
  if died then countDeath(head, now, deaths, streamed, alone) end
  redis.call('HDEL', head, 'attempt', 'by')
  redis.call('ZREM', leases, job)
  redis.call('ZADD', outbox, now + 5000, job)
  return { 'suspect', has[6], deaths, alone, died and 0 or now - tonumber(has[15] or 0) }
end

-- First what a full Redis refuses: work that could not be recorded is not begun.
redis.call('ZADD', leases, now + lock, job)
redis.call('ZREM', outbox, job)
local epoch = tonumber(has[7] or 0)
if isNew then
  epoch = epoch + 1
  redis.call('HSET', head, 'status', 'running', 'attempt', attempt, 'epoch', epoch, 'ordinal', 0,
    'by', ARGV[6], 'redis', id, 'deaths', deaths)
  if died then countDeath(head, now, deaths, streamed, alone) end
  if has[9] then redis.call('HSET', head, 'lost', lost or '') end
  abandon(head, log, now, has[8])
  local fact = '{"type":"attempt.started","attempt":"' .. attempt .. '","epoch":' .. epoch .. '}'
  hint(wake, task, record(head, log, now, fact), 'fact')
end
if unread or alone > tonumber(ARGV[12]) then
  facts = {}
else
  for _, fact in ipairs(redis.call('LRANGE', log, #facts, -1)) do facts[#facts + 1] = fact end
end
return { 'claimed', epoch, has[5] and 1 or 0, facts, has[6], deaths, redis.call('LLEN', log), bytes,
  redis.call('ZSCORE', KEYS[7], deadlineOf(job)) or '', unread and 1 or 0, alone, held }
