#!lua flags=allow-oom
--[[ Ends a turn that has passed its deadline: its own, or the one that a cancel has set to its worker.
  KEYS 1 head  2 log  3 deltas  4 outbox  5 leases  6 deadlines  7 wake  8 forget  9 cancels  10 failed  11 answers
       12.. blobs
  ARGV 1 now or ''  2 task id  3 the deadline's member, `<response id>:end`  4 how many facts the caller has folded
       5 the fact turn.failed  6 the status  7 the result  8.. blobs' values
  Returns 'ended', 'stale' when the log has moved since it was folded, or 'gone' when the deadline is not due or
  not the turn's any more. ]]
-- @include record
-- @include finish
local head, log, deadlines, member = KEYS[1], KEYS[2], KEYS[6], ARGV[3]
local now = clock(ARGV[1])
local due = redis.call('ZSCORE', deadlines, member)
if not due or tonumber(due) > now then return 'gone' end
local has = redis.call('HMGET', head, 'status', 'job')
if not isLive(has[1]) or deadlineOf(has[2]) ~= member then
  redis.call('ZREM', deadlines, member)
  return 'gone'
end
if redis.call('LLEN', log) ~= tonumber(ARGV[4]) then return 'stale' end
keep(head, KEYS, 12, ARGV, 8)
local pos = finish({ task = ARGV[2], head = head, log = log, deltas = KEYS[3], outbox = KEYS[4], leases = KEYS[5],
  deadlines = deadlines, wake = KEYS[7], forget = KEYS[8], failed = KEYS[10], answers = KEYS[11] }, now, ARGV[5], ARGV[6], ARGV[7])
-- Whoever runs it stops when it asks: the turn is not its own any more.
if has[1] == 'running' then hint(KEYS[9], ARGV[2], pos, 'cancel') end
return 'ended'
