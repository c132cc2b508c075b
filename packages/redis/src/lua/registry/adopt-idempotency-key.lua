--[[ Marks an idempotency key as used by a second request, provided that it is bound to the first one (`requestId`). Such a
  key is not released.
  Returns 1, or 0 when the key is not bound to that request. Idempotent. ]]
local bound = redis.call('GET', idempotencyKey)
local request = bound and cjson.decode(bound)
if not request or request.requestId ~= requestId then return 0 end
if not request.isShared then
  redis.call('SET', idempotencyKey, '{"isShared":true,' .. string.sub(bound, 2), 'KEEPTTL')
end
return 1
