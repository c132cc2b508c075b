--[[ Adds a version to an item, if the newest is still the one that the caller has seen.
  KEYS 1 item  2 names (key → id)
  ARGV 1 id  2 key  3 the version seen  4 the new version  5 the item as JSON
  Returns 'updated' | 'stale' | 'taken' | 'not_found'. Again with the same JSON: 'updated', and nothing changes. ]]
local item, names = KEYS[1], KEYS[2]
local id, key, seen, version, json = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local has = redis.call('HMGET', item, 'key', 'version', 'latest')
if not has[2] then return 'not_found' end
if has[2] == version and has[3] == json then return 'updated' end
if has[2] ~= seen then return 'stale' end
if has[1] ~= key then
  if redis.call('HEXISTS', names, key) == 1 then return 'taken' end
  redis.call('HDEL', names, has[1])
  redis.call('HSET', names, key, id)
end
redis.call('HSET', item, 'key', key, 'version', version, 'latest', json, seen, has[3])
return 'updated'
