#!lua flags=allow-oom
--[[ Removes an item with all its versions and frees its key.
  KEYS 1 item  2 names (key → id)  3 index  4 the bytes of all items of the workspace
       5 names of removed items (last key → id, id → last key)  6 ids of removed items, the oldest removal first
  ARGV 1 id  2 how many removed items are remembered; 0 when this one is not
  Returns 1 removed, 0 there was none. ]]
local item, names, index, formerNames, former = KEYS[1], KEYS[2], KEYS[3], KEYS[5], KEYS[6]
local id, most = ARGV[1], tonumber(ARGV[2])
local has = redis.call('HMGET', item, 'key', 'bytes')
if not has[1] then return 0 end
if most > 0 then
  redis.call('HSET', formerNames, has[1], id, id, has[1])
  redis.call('RPUSH', former, id)
  while redis.call('LLEN', former) > most do
    local oldest = redis.call('LPOP', former)
    local key = redis.call('HGET', formerNames, oldest)
    redis.call('HDEL', formerNames, oldest)
    -- Another item may have had the key since.
    if key and redis.call('HGET', formerNames, key) == oldest then redis.call('HDEL', formerNames, key) end
  end
end
redis.call('HDEL', names, has[1])
redis.call('ZREM', index, id)
redis.call('UNLINK', item)
if has[2] and redis.call('DECRBY', KEYS[4], has[2]) <= 0 then redis.call('DEL', KEYS[4]) end
return 1
