--[[ Adds a version to an item, if the newest is still the one that the caller has seen.
  KEYS 1 item  2 names (key → id)  3 the bytes of all items of the workspace, counted by these scripts
  ARGV 1 id  2 key  3 the version seen  4 the new version  5 the item as JSON
       6 how many versions an item may have; 1 when the new one replaces the newest  7 how many bytes there may be
  Returns 'updated' | 'stale' | 'taken' | 'full_versions' | 'full_bytes' | 'not_found'. Again with the same JSON:
  'updated', and nothing changes. ]]
local item, names = KEYS[1], KEYS[2]
local id, key, seen, version, json, most = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], tonumber(ARGV[6])
local has = redis.call('HMGET', item, 'key', 'version', 'latest', 'bytes')
if not has[2] then return 'not_found' end
if has[2] == version and has[3] == json then return 'updated' end
if has[2] ~= seen then return 'stale' end
if has[1] ~= key and redis.call('HEXISTS', names, key) == 1 then return 'taken' end
-- What an older version of the product has stored is not counted.
local counted, added = tonumber(has[4] or 0), #json
if most == 1 then
  added = #json - counted
else
  -- Beside the older versions there are key, version, latest, and bytes: the newest version is one more.
  local versions = redis.call('HLEN', item) - (has[4] and 4 or 3) + 1
  if versions >= most then return 'full_versions' end
end
if added > 0 and (redis.call('GET', KEYS[3]) or 0) + added > tonumber(ARGV[7]) then return 'full_bytes' end
redis.call('HSET', item, 'key', key, 'version', version, 'latest', json, 'bytes', counted + added)
if most > 1 then redis.call('HSET', item, seen, has[3]) end
if has[1] ~= key then
  redis.call('HDEL', names, has[1])
  redis.call('HSET', names, key, id)
end
redis.call('INCRBY', KEYS[3], added)
return 'updated'
