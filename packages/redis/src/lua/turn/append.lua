--[[ Records what an attempt did: facts that have happened, or a decision that ends or parks the turn.
  KEYS 1 head  2 log  3 deltas  4 outbox  5 leases  6 deadlines  7 wake  8 forget  9 failed  10 reviews  11 answers
       12.. blobs
  ARGV 1 now or ''  2 task id  3 attempt id  4 ordinal  5 number of facts n  6.. the facts as JSON
       6+n  'parts' when the facts close the parts being streamed, 'reviews' when they ask somebody to look at calls
       7+n  '' or, for a decision: how many facts the worker has folded
       8+n  the end's status, or 'parked'  9+n  the result as JSON, or until when
       10+n  the last fact that the attempt has seen, as hasSeen takes it
       11+n  how many bytes of all this nobody holds who folds the log  12+n.. blobs' values
  Returns { 'ok', log length, last pos, now, cancel requested 0|1, log bytes, 1 when others are to hear of the end,
  bytes that the log holds }, { 'stale', cancel requested 0|1 } when the
  log moved under a decision, { 'fenced' } when the attempt does not hold the turn, or the log
  has lost what it has seen.
  The same ordinal again changes nothing and answers ok. ]]
-- @include record
-- @include seen
-- @include finish
local head, log, wake = KEYS[1], KEYS[2], KEYS[7]
local task, attempt, ordinal, n = ARGV[2], ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])

local has = redis.call('HMGET', head, 'attempt', 'status', 'ordinal', 'cancel', 'bytes', 'unheld')
if has[1] ~= attempt then return { 'fenced' } end
local cancel = has[4] and 1 or 0
local now = clock(ARGV[1])
if tonumber(has[3]) >= ordinal then
  local bytes = tonumber(has[5])
  return { 'ok', redis.call('LLEN', log), redis.call('HGET', head, 'pos'), now, cancel, bytes, 0, bytes - tonumber(has[6] or 0) }
end
if has[2] ~= 'running' or not hasSeen(log, ARGV[10 + n]) then return { 'fenced' } end

local folded = ARGV[7 + n]
if folded ~= '' and redis.call('LLEN', log) ~= tonumber(folded) then return { 'stale', cancel } end

local bytes = tonumber(has[5]) + sizeOf(ARGV, 6, 5 + n) + sizeOf(ARGV, 12 + n, #ARGV)
local unheld = tonumber(has[6] or 0) + tonumber(ARGV[11 + n])
-- What gets on does not kill its workers.
redis.call('HSET', head, 'ordinal', ordinal, 'deaths', 0, 'bytes', bytes)
if ARGV[11 + n] ~= '0' then redis.call('HSET', head, 'unheld', unheld) end
keep(head, KEYS, 12, ARGV, 12 + n)
local pos, length, kin
if ARGV[8 + n] == 'parked' then
  pos, length = record(head, log, now, ARGV[6])
  local job = redis.call('HGET', head, 'job')
  redis.call('HSET', head, 'status', 'parked')
  redis.call('HDEL', head, 'by')
  redis.call('ZREM', KEYS[5], job)
  redis.call('ZADD', KEYS[6], ARGV[9 + n], wakeOf(job))
  hint(wake, task, pos, 'fact')
elseif folded ~= '' then
  pos, length, kin = finish({ task = task, head = head, log = log, deltas = KEYS[3], outbox = KEYS[4], leases = KEYS[5],
    deadlines = KEYS[6], wake = wake, forget = KEYS[8], failed = KEYS[9], answers = KEYS[11] }, now, ARGV[6], ARGV[8 + n], ARGV[9 + n])
else
  if ARGV[6 + n] == 'parts' then redis.call('HDEL', head, 'open') end
  if ARGV[6 + n] == 'reviews' then redis.call('ZADD', KEYS[10], 0, redis.call('HGET', head, 'ws') .. ':' .. task) end
  for i = 6, 5 + n do pos, length = record(head, log, now, ARGV[i]) end
  hint(wake, task, pos, 'fact')
end
return { 'ok', length, pos, now, cancel, bytes, kin or 0, bytes - unheld }
