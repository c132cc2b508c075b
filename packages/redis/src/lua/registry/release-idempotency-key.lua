#!lua flags=allow-oom
--[[ Releases the idempotency key of a refused request, unless a second request uses it. Idempotent. ]]
local bound = redis.call('GET', idempotencyKey)
local request = bound and cjson.decode(bound)
if request and request.requestId == requestId and not request.isShared then redis.call('DEL', idempotencyKey) end
