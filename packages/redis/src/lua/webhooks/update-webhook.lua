--[[ Stores a change of an endpoint, if it has the revision that the caller has read. `enables` forgets why the server has
  disabled it, and its failures.
  Returns 'updated' | 'changed' | 'not_found'. Idempotent: the same change again returns 'updated'. ]]
local stored, revision = unpack(redis.call('HMGET', webhook, 'json', 'revision'))
if not stored then return 'not_found' end
if tonumber(revision) ~= seenRevision then return stored == json and 'updated' or 'changed' end
redis.call('HSET', webhook, 'json', json, 'revision', seenRevision + 1)
if enables then redis.call('HDEL', webhook, 'disabled', 'failing', 'failures') end
return 'updated'
