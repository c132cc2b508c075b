--[[ Ends a cancelled turn whose worker did not end it by its deadline.
  KEYS 1 head  2 log  3 deltas  4 outbox  5 leases  6 deadlines  7 wake
  ARGV 1 now or ''  2 task id  3 the deadline's member, `<response id>:end`  4 the fact turn.failed  5 the result
  Returns 1 ended, 0 not due or not the turn's any more. ]]
-- @include record
-- @include finish
local now = clock(ARGV[1])
local due = redis.call('ZSCORE', KEYS[6], ARGV[3])
if not due or tonumber(due) > now then return 0 end
redis.call('ZREM', KEYS[6], ARGV[3])
local has = redis.call('HMGET', KEYS[1], 'status', 'job', 'cancel')
local live = has[1] == 'queued' or has[1] == 'running'
if not live or not has[3] or string.match(has[2], '^[^.]+') .. ':end' ~= ARGV[3] then return 0 end
finish({ task = ARGV[2], head = KEYS[1], log = KEYS[2], deltas = KEYS[3], outbox = KEYS[4], leases = KEYS[5],
  deadlines = KEYS[6], wake = KEYS[7] }, now, ARGV[4], 'cancelled', ARGV[5])
return 1
