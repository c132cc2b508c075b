#!lua flags=allow-oom
--[[ Ends the service of a request that waits, if this process still serves it. When its client has the answer, the request
  and its idempotency key are deleted. Otherwise a repeat can take it over for `keepForMs`. ]]
if redis.call('HGET', requests, id) ~= process then return end
if isAnswered then
  redis.call('HDEL', requests, id)
  redis.call('UNLINK', idempotency)
else
  redis.call('HSET', requests, id, '')
  redis.call('PEXPIRE', requests, keepForMs)
end
