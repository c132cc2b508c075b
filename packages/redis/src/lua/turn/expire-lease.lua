--[[ Takes a turn away from an attempt whose lease has run out: it waits for a worker again, as a new segment.
  KEYS 1 head  2 outbox  3 leases
  ARGV 1 now or ''  2 the lease's job id  3 its next segment's job id  4 the next segment  5 ms until a lost job is looked for
  Returns 1 taken, 0 not due or not the turn's any more. ]]
-- @include record
-- @include deaths
local now = clock(ARGV[1])
local till = redis.call('ZSCORE', KEYS[3], ARGV[2])
if not till or tonumber(till) > now then return 0 end
local has = redis.call('HMGET', KEYS[1], 'status', 'job', 'attempt', 'open')
if has[1] ~= 'running' or has[2] ~= ARGV[2] then
  redis.call('ZREM', KEYS[3], ARGV[2])
  return 0
end
-- First what a full Redis refuses: the job that must follow could not be added either.
redis.call('HSET', KEYS[1], 'status', 'queued', 'segment', ARGV[4], 'job', ARGV[3], 'lost', lostOf(has[3], has[4]))
redis.call('HDEL', KEYS[1], 'attempt')
redis.call('ZREM', KEYS[3], ARGV[2])
redis.call('ZADD', KEYS[2], now + tonumber(ARGV[5]), ARGV[3])
return 1
