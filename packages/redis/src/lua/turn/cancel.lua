#!lua flags=allow-oom
--[[ Cancels a turn, if it is live. A queued or parked one ends here, and a running one that is given no grace, has
  lost a worker since its last fact, or was cancelled before and has had its grace; the worker of any other is told and
  has a deadline.
  KEYS 1 head  2 log  3 deltas  4 outbox  5 leases  6 deadlines  7 wake  8 forget  9 cancels  10 failed  11 answers
       12.. blobs
  ARGV 1 now or ''  2 task id  3 grace in ms  4 the fact cancel.requested  5 the turn that is meant, or '' for any
       6 '' or, for an end: how many facts the caller has folded  7 the fact turn.failed  8 the result
       9.. blobs' values
  Returns 'ended' | 'stopping' | 'not_found', or 'stale' when nothing was done, since the turn ends here and its
  result must be folded from the log as it is now. Twice is as once. ]]
-- @include record
-- @include finish
local head, log = KEYS[1], KEYS[2]
local has = redis.call('HMGET', head, 'status', 'cancel', 'job', 'turn', 'children', 'deaths')
if not has[1] or has[1] == 'forgotten' then return 'not_found' end
if ARGV[5] ~= '' and has[4] ~= ARGV[5] then return 'ended' end
if not isLive(has[1]) then return 'ended' end

local now = clock(ARGV[1])
local wasTold = has[2] and tonumber(redis.call('ZSCORE', KEYS[6], deadlineOf(has[3])) or 0) <= now
local ends = has[1] ~= 'running' or tonumber(ARGV[3]) == 0 or tonumber(has[6] or 0) > 0 or wasTold
if ends and redis.call('LLEN', log) ~= tonumber(ARGV[6]) then return 'stale' end
if ends then keep(head, KEYS, 12, ARGV, 9) end
local pos
if not has[2] then pos = record(head, log, now, ARGV[4]) end
if ends then
  pos = finish({ task = ARGV[2], head = head, log = log, deltas = KEYS[3], outbox = KEYS[4], leases = KEYS[5],
    deadlines = KEYS[6], wake = KEYS[7], forget = KEYS[8], failed = KEYS[10], answers = KEYS[11] }, now, ARGV[7], 'cancelled', ARGV[8])
  if has[1] == 'running' then hint(KEYS[9], ARGV[2], pos, 'cancel') end
  return 'ended'
end
if pos then
  redis.call('HSET', head, 'cancel', 1)
  -- The turn's own deadline may be nearer.
  redis.call('ZADD', KEYS[6], 'LT', now + tonumber(ARGV[3]), deadlineOf(has[3]))
  cancelChildren(KEYS[6], now, has[5])
  for _, stream in ipairs({ KEYS[7], KEYS[9] }) do hint(stream, ARGV[2], pos, 'cancel') end
end
return 'stopping'
