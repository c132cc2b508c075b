--[[ Queues a parked turn again, as a new segment, when its time has come.
  KEYS 1 head  2 outbox  3 deadlines  4 to 12 the queue's, as BullMQ's addStandardJob wants them
  ARGV 1 now or ''  2 task id  3 the deadline's member, `<response id>:wake`
       4 what the names of the queue's keys begin with  5 ms until a lost job is looked for
  Returns 1 queued, 0 not due or not the turn's any more. ]]
-- @include record
-- @include add-job
-- @include requeue
local head, deadlines, member = KEYS[1], KEYS[3], ARGV[3]
local now = clock(ARGV[1])
local due = redis.call('ZSCORE', deadlines, member)
if not due or tonumber(due) > now then return 0 end
local has = redis.call('HMGET', head, 'status', 'job')
if has[1] ~= 'parked' or wakeOf(has[2]) ~= member then
  redis.call('ZREM', deadlines, member)
  return 0
end
requeue({ head = head, outbox = KEYS[2], deadlines = deadlines }, ARGV[2], now, tonumber(ARGV[5]), ARGV[4],
  { unpack(KEYS, 4, 12) })
return 1
