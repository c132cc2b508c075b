#!lua flags=allow-oom
--[[ Prolongs an attempt's lease. One that has run out stays so: the attempt has given up by then, and a beat
  that waited for Redis to come back would only keep the next attempt waiting.
  KEYS 1 head  2 leases
  ARGV 1 now or ''  2 attempt id  3 lock in ms
  Returns { 1 prolonged | 0 lost, cancel requested 0|1 }. ]]
-- @include record
local has = redis.call('HMGET', KEYS[1], 'attempt', 'status', 'job', 'cancel')
local cancel = has[4] and 1 or 0
if has[1] ~= ARGV[2] or has[2] ~= 'running' then return { 0, cancel } end
local now = clock(ARGV[1])
local till = redis.call('ZSCORE', KEYS[2], has[3])
if not till or tonumber(till) <= now then return { 0, cancel } end
redis.call('ZADD', KEYS[2], now + tonumber(ARGV[3]), has[3])
return { 1, cancel }
