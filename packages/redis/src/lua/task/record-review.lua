--[[ Records what somebody has decided of a call that waits, and has a parked turn go on.
  KEYS 1 head  2 log  3 outbox  4 deadlines  5 wake  6 to 14 the queue's, as BullMQ's addStandardJob wants them
       15.. blobs
  ARGV 1 now or ''  2 task id  3 turn  4 how many facts the caller has folded  5 the fact review.decided
       6 what the names of the queue's keys begin with  7 ms until a lost job is looked for  8.. blobs' values
  Returns 'recorded', 'stale' when the log has moved since it was folded, or 'ended' when the turn is not live. ]]
-- @include record
-- @include add-job
-- @include requeue
local head, log = KEYS[1], KEYS[2]
local has = redis.call('HMGET', head, 'status', 'turn')
if not has[1] or not isLive(has[1]) or has[2] ~= ARGV[3] then return 'ended' end
if redis.call('LLEN', log) ~= tonumber(ARGV[4]) then return 'stale' end

local now = clock(ARGV[1])
redis.call('HINCRBY', head, 'bytes', #ARGV[5] + sizeOf(ARGV, 8, #ARGV))
keep(head, KEYS, 15, ARGV, 8)
hint(KEYS[5], ARGV[2], record(head, log, now, ARGV[5]), 'fact')
if has[1] == 'parked' then
  requeue({ head = head, outbox = KEYS[3], deadlines = KEYS[4] }, ARGV[2], now, tonumber(ARGV[7]), ARGV[6],
    { unpack(KEYS, 6, 14) })
end
return 'recorded'
