--[[ Gives a turn to one attempt.
  KEYS 1 head  2 log  3 outbox  4 leases  5 wake  6 workers  7 deadlines
  ARGV 1 now or ''  2 task id  3 job id  4 attempt id  5 lock in ms
       6 id of the worker process, or ''  7 how many deaths in a row are too many
       8 the newest version of heads and facts that the worker can read  9 bytes of a log that comes with the claim
       10 bytes that the log may hold, or '' for any number
  Returns { 'claimed', epoch, cancel requested 0|1, facts, workspace, deaths, log length, log bytes,
  deadline or '', 1 when the log is larger and the worker reads it by itself, bytes that it holds }, { 'busy', ms until the lease ends },
  { 'stale' } when the job was superseded or the turn has ended, { 'newer' } when a newer version wrote the head or a fact:
  then nothing was changed, nor with { 'large', bytes that the log holds, workspace }. Of a larger log only the last fact is looked at.
  A death is an attempt without a release and without a fact since, whose process is silent by now, while Redis
  was there all the time. Beyond what is too many, the facts are kept back: they may be what kills.
  The same attempt again gets the same answer. ]]
-- @include record
local head, log, outbox, leases, wake = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local task, job, attempt, lock = ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])

local has = redis.call('HMGET', head, 'v', 'status', 'job', 'attempt', 'cancel', 'ws', 'epoch', 'open',
  'by', 'redis', 'deaths', 'bytes', 'unheld')
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
local held = bytes - tonumber(has[13] or 0)
if ARGV[10] ~= '' and held > tonumber(ARGV[10]) then return { 'large', held, has[6] } end

local unread = bytes > tonumber(ARGV[9])
local facts = redis.call('LRANGE', log, unread and -1 or 0, -1)
for _, fact in ipairs(facts) do
  -- Every fact begins with its version; what does not is broken, and the worker says so.
  local v = string.match(fact, '^{"v":(%d+)')
  if v and tonumber(v) > tonumber(ARGV[8]) then return { 'newer' } end
end

-- First what a full Redis refuses: work that could not be recorded is not begun.
redis.call('ZADD', leases, now + lock, job)
redis.call('ZREM', outbox, job)
local epoch, deaths = tonumber(has[7] or 0), tonumber(has[11] or 0)
if has[2] == 'queued' or has[4] ~= attempt then
  epoch = epoch + 1
  local id = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
  if has[9] and has[9] ~= '' and has[10] == id then
    -- Workers beat every quarter of the lock; the last beat may have come after that of the lease.
    local beat = tonumber(redis.call('ZSCORE', KEYS[6], has[9]) or 0)
    if beat + lock * 0.75 <= now then deaths = deaths + 1 end
  end
  redis.call('HSET', head, 'status', 'running', 'attempt', attempt, 'epoch', epoch, 'ordinal', 0,
    'by', ARGV[6], 'redis', id, 'deaths', deaths)
  abandon(head, log, now, has[8])
  local fact = '{"type":"attempt.started","attempt":"' .. attempt .. '","epoch":' .. epoch .. '}'
  hint(wake, task, record(head, log, now, fact), 'fact')
end
if unread or deaths > tonumber(ARGV[7]) then
  facts = {}
else
  for _, fact in ipairs(redis.call('LRANGE', log, #facts, -1)) do facts[#facts + 1] = fact end
end
return { 'claimed', epoch, has[5] and 1 or 0, facts, has[6], deaths, redis.call('LLEN', log), bytes,
  redis.call('ZSCORE', KEYS[7], deadlineOf(job)) or '', unread and 1 or 0, held }
