--[[ Cancels a turn, if it is live: a queued one ends here, the worker of a running one is told and has a deadline.
  KEYS 1 head  2 log  3 deltas  4 outbox  5 leases  6 deadlines  7 wake  8 cancels
  ARGV 1 now or ''  2 task id  3 grace in ms  4 the fact cancel.requested  5 the fact turn.failed  6 the result
       7 the turn that is meant, or '' for any
  Returns 'ended' | 'stopping' | 'not_found'. Twice is as once. ]]
-- @include record
-- @include finish
local head, log = KEYS[1], KEYS[2]
local has = redis.call('HMGET', head, 'status', 'cancel', 'job', 'turn')
if not has[1] then return 'not_found' end
if ARGV[7] ~= '' and has[4] ~= ARGV[7] then return 'ended' end
if has[1] ~= 'queued' and has[1] ~= 'running' then return 'ended' end

local now = clock(ARGV[1])
local pos
if not has[2] then pos = record(head, log, now, ARGV[4]) end
if has[1] == 'queued' then
  finish({ task = ARGV[2], head = head, log = log, deltas = KEYS[3], outbox = KEYS[4], leases = KEYS[5],
    deadlines = KEYS[6], wake = KEYS[7] }, now, ARGV[5], 'cancelled', ARGV[6])
  return 'ended'
end
if pos then
  redis.call('HSET', head, 'cancel', 1)
  redis.call('ZADD', KEYS[6], now + tonumber(ARGV[3]), string.match(has[3], '^[^.]+') .. ':end')
  for i = 7, 8 do hint(KEYS[i], ARGV[2], pos, 'cancel') end
end
return 'stopping'
