#!lua flags=allow-oom
--[[ Compares a task's head with the sets of its shard and with its log, in one moment, and mends what does not fit.
  KEYS 1 head  2 log  3 deltas  4 outbox  5 leases  6 deadlines  7 forget  8 failed  9.. indexes that hold the task
  ARGV 1 now or ''  2 task id  3 '1' to mend, '' to tell only
       4 to 6 the members of outbox, leases and deadlines that led to the task, each may be ''
       7 ms that a turn is given which has lost its deadline
  Returns the names of what was wrong, none of a task that a newer version wrote. ]]
-- @include record
local head, log, task, mends = KEYS[1], KEYS[2], ARGV[2], ARGV[3] == '1'
local outbox, leases, deadlines, forget, failed = KEYS[4], KEYS[5], KEYS[6], KEYS[7], KEYS[8]
local wrong = {}

local function found(name, ...)
  wrong[#wrong + 1] = name
  if mends then redis.call(...) end
end
local function mustHave(name, set, score, member)
  if not redis.call('ZSCORE', set, member) then found(name, 'ZADD', set, score, member) end
end
local function mustNotHave(name, set, member)
  if redis.call('ZSCORE', set, member) then found(name, 'ZREM', set, member) end
end

local has = redis.call('HMGET', head, 'v', 'status', 'job', 'keep', 'pos')
local status, job = has[2], has[3]
if has[1] and tonumber(has[1]) > 1 then return wrong end
local gone = not status or status == 'forgotten'
local live = isLive(status)
local ends, wakes = job and deadlineOf(job), job and wakeOf(job)

-- What led here and is not the live turn's.
if not (live and ARGV[4] == job) then mustNotHave('outbox-stray', outbox, ARGV[4]) end
if not (live and ARGV[5] == job) then mustNotHave('lease-stray', leases, ARGV[5]) end
local timed = live and (ARGV[6] == ends or ARGV[6] == cancelOf(task)) or status == 'parked' and ARGV[6] == wakes
if not timed then mustNotHave('deadline-stray', deadlines, ARGV[6]) end

if gone then
  mustNotHave('forget-stray', forget, task)
  mustNotHave('failed-stray', failed, task)
  for i = 9, #KEYS do mustNotHave('index-stray', KEYS[i], task) end
  return wrong
end

local now = clock(ARGV[1])
local last = redis.call('LINDEX', log, -1) or ''
if live then
  if status == 'queued' then mustHave('outbox-missing', outbox, now, job) else mustNotHave('outbox-extra', outbox, job) end
  -- A lease that has run out: its worker may be gone.
  if status == 'running' then mustHave('lease-missing', leases, now, job) else mustNotHave('lease-extra', leases, job) end
  mustHave('deadline-missing', deadlines, now + tonumber(ARGV[7]), ends)
  if status == 'parked' then mustHave('deadline-missing', deadlines, now, wakes) end
  mustNotHave('forget-stray', forget, task)
  mustNotHave('failed-stray', failed, task)
else
  mustNotHave('outbox-stray', outbox, job)
  mustNotHave('lease-stray', leases, job)
  mustNotHave('deadline-stray', deadlines, ends)
  mustNotHave('deadline-stray', deadlines, wakes)
  local ended = tonumber(string.match(last, '"at":(%d+)')) or now
  mustHave('forget-missing', forget, ended + tonumber(has[4]), task)
  if status == 'failed' then mustHave('failed-missing', failed, ended, task) else mustNotHave('failed-stray', failed, task) end
end
for i = 9, #KEYS do mustHave('index-missing', KEYS[i], 0, task) end

local pos = tonumber(string.match(last, '"pos":(%d+)'))
local piece = redis.call('XREVRANGE', KEYS[3], '+', '-', 'COUNT', 1)[1]
if pos and piece then pos = math.max(pos, tonumber(string.match(piece[1], '^%d+'))) end
if pos and tonumber(has[5]) ~= pos then found('pos', 'HSET', head, 'pos', string.format('%.0f', pos)) end
return wrong
