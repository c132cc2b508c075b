--[[ Adds a version to an item, provided that the newest is the one that the caller has seen. With `maxVersions` 1, the
  new version replaces the newest.
  Returns 'updated' | 'stale' | 'taken' | 'full_versions' | 'full_bytes' | 'not_found'.
  Idempotent: with the same JSON again, 'updated' and no change. ]]
-- @include note-event
local oldKey, newest, latest, storedBytes = unpack(redis.call('HMGET', item, 'key', 'version', 'latest', 'bytes'))
if not newest then return 'not_found' end
if newest == version and latest == json then return 'updated' end
if newest ~= seenVersion then return 'stale' end
if oldKey ~= key and redis.call('HEXISTS', names, key) == 1 then return 'taken' end
-- Versions that an older version of the product has stored are not counted.
local counted, added = tonumber(storedBytes or 0), #json
if maxVersions == 1 then
  added = #json - counted
else
  -- Besides older versions, the hash has the fields key, version, latest, and bytes. The newest version adds one.
  local versions = redis.call('HLEN', item) - (storedBytes and 4 or 3) + 1
  if versions >= maxVersions then return 'full_versions' end
end
if added > 0 and (redis.call('GET', definitionBytes) or 0) + added > maxBytes then return 'full_bytes' end
redis.call('HSET', item, 'key', key, 'version', version, 'latest', json, 'bytes', counted + added)
if maxVersions > 1 then redis.call('HSET', item, seenVersion, latest) end
if oldKey ~= key then
  redis.call('HDEL', names, oldKey)
  redis.call('HSET', names, key, id)
end
redis.call('INCRBY', definitionBytes, added)
noteEvent(event)
return 'updated'
