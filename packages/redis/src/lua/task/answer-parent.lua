--[[ Answers the call of a parent for which the task of a sub-agent has ended, and has a parked parent go on.
  KEYS 1 the parent's head  2 its log  3 outbox  4 deadlines  5 wake  6 answers  7 to 15 the queue's, as BullMQ's
       addStandardJob wants them  16.. the parent's blobs
  ARGV 1 now or ''  2 the parent's task id  3 its turn  4 the child's task id  5 the member of answers
       6 the fact tool.returned or tool.failed as JSON  7 what the names of the queue's keys begin with
       8 ms until a lost job is looked for  9.. blobs' values
  Returns 'answered', or 'gone' when nobody waits for it any more. Twice is as once. ]]
-- @include record
-- @include add-job
-- @include requeue
local head, child = KEYS[1], ARGV[4]
local has = redis.call('HMGET', head, 'status', 'turn', 'children')
local before, after = string.match((has[3] or '') .. ' ', '^(.*) ' .. child .. ' (.*)$')
if not isLive(has[1]) or has[2] ~= ARGV[3] or not before then
  redis.call('ZREM', KEYS[6], ARGV[5])
  return 'gone'
end

local now = clock(ARGV[1])
redis.call('HINCRBY', head, 'bytes', #ARGV[6] + sizeOf(ARGV, 9, #ARGV))
keep(head, KEYS, 16, ARGV, 9)
-- What gets on does not kill its workers.
redis.call('HSET', head, 'children', (string.gsub(before .. ' ' .. after, '%s+$', '')), 'deaths', 0)
hint(KEYS[5], ARGV[2], record(head, KEYS[2], now, ARGV[6]), 'fact')
redis.call('ZREM', KEYS[6], ARGV[5])
if has[1] == 'parked' then
  requeue({ head = head, outbox = KEYS[3], deadlines = KEYS[4] }, ARGV[2], now, tonumber(ARGV[8]), ARGV[7],
    { unpack(KEYS, 7, 15) })
end
return 'answered'
