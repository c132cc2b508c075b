#!lua flags=allow-oom
--[[ Deletes a task whose latest turn has ended. What is left for a while is a tombstone, on which a late or
  repeated submission finds what it would find of an unknown task.
  KEYS 1 head  2 log  3 deltas  4 forget  5 wake  6 reviews  7 bytes of notes, by workspace
       8.. the indexes that hold the task, then its blobs
  ARGV 1 now or ''  2 task id  3 '1' to delete it only when it is due  4 the pos of the head that the other keys were
       read from  5 how many indexes  6 ms that the tombstone stays
  Returns 'forgotten' | 'live' | 'not_found', or 'moved' when the head says something else by now or is not due. ]]
-- @include record
local head, forget, task = KEYS[1], KEYS[4], ARGV[2]
local has = redis.call('HMGET', head, 'status', 'pos', 'ws', 'noted')
if not has[1] or has[1] == 'forgotten' then
  redis.call('ZREM', forget, task)
  return 'not_found'
end
if isLive(has[1]) then return 'live' end
if has[2] ~= ARGV[4] then return 'moved' end
if ARGV[3] == '1' then
  local due = redis.call('ZSCORE', forget, task)
  if not due or tonumber(due) > clock(ARGV[1]) then return 'moved' end
end

local indexes = tonumber(ARGV[5])
redis.call('UNLINK', head, KEYS[2], KEYS[3])
for i = 8, 7 + indexes do redis.call('ZREM', KEYS[i], task) end
for i = 8 + indexes, #KEYS do redis.call('UNLINK', KEYS[i]) end
redis.call('ZREM', forget, task)
redis.call('ZREM', KEYS[6], has[3] .. ':' .. task)
local noted = tonumber(has[4] or 0)
if noted > 0 and redis.call('HINCRBY', KEYS[7], has[3], -noted) <= 0 then redis.call('HDEL', KEYS[7], has[3]) end
redis.call('HSET', head, 'status', 'forgotten')
redis.call('PEXPIRE', head, ARGV[6])
hint(KEYS[5], task, has[2], 'gone')
return 'forgotten'
