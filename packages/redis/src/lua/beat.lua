#!lua flags=allow-oom
--[[ Prolongs an attempt's lease.
  KEYS 1 head  2 leases
  ARGV 1 now or ''  2 attempt id  3 lock in ms
  Returns { 1 prolonged | 0 fenced, cancel requested 0|1 }. ]]
-- @include record
local has = redis.call('HMGET', KEYS[1], 'attempt', 'status', 'job', 'cancel')
local cancel = has[4] and 1 or 0
if has[1] ~= ARGV[2] or has[2] ~= 'running' then return { 0, cancel } end
redis.call('ZADD', KEYS[2], clock(ARGV[1]) + tonumber(ARGV[3]), has[3])
return { 1, cancel }
