--[[ Queues a parked turn again, as a new segment, when its time has come.
  KEYS 1 head  2 outbox  3 deadlines  4 to 12 the queue's, as BullMQ's addStandardJob wants them
  ARGV 1 now or ''  2 task id  3 turn  4 the deadline's member, `<response id>:wake`
       5 what the names of the queue's keys begin with  6 ms until a lost job is looked for
  Returns 1 queued, 0 not due or not the turn's any more. ]]
-- @include record
-- @include add-job
local head, outbox, deadlines, member = KEYS[1], KEYS[2], KEYS[3], ARGV[4]
local now = clock(ARGV[1])
local due = redis.call('ZSCORE', deadlines, member)
if not due or tonumber(due) > now then return 0 end
local has = redis.call('HMGET', head, 'status', 'job', 'segment')
if has[1] ~= 'parked' or wakeOf(has[2]) ~= member then
  redis.call('ZREM', deadlines, member)
  return 0
end

local segment = tonumber(has[3]) + 1
local job = string.match(has[2], '^[^.]+') .. '.' .. segment
-- First what a full Redis refuses: the turn waits on, and is due.
redis.call('HSET', head, 'status', 'queued', 'segment', segment, 'job', job)
redis.call('ZREM', deadlines, member)
redis.call('ZADD', outbox, now + tonumber(ARGV[6]), job)
local data = '{"taskId":"' .. ARGV[2] .. '","turn":' .. ARGV[3] .. ',"segment":' .. segment .. '}'
addJob({ unpack(KEYS, 4, 12) }, ARGV[5], string.format('%.0f', now), job, data)
return 1
