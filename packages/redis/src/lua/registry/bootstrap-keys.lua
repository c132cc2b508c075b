#!lua flags=allow-oom
--[[ Replaces all API keys that came from the environment by the given ones, unless a newer process has set them. The
  caller declares every key that it writes or removes; if another bootstrap key was added meanwhile, nothing is done.
  Returns 'ok' | 'stale' | 'superseded'. Idempotent. ]]
if tonumber(redis.call('GET', generation) or 0) > tonumber(ownGeneration) then return 'superseded' end
local declared = {}
for _, id in written() do declared[id] = true end
for _, id in removed() do declared[id] = true end
for _, id in ipairs(redis.call('SMEMBERS', bootstrap)) do
  if not declared[id] then return 'stale' end
end

redis.call('SET', generation, ownGeneration)
for key, id, workspace, hash in written() do
  redis.call('HSET', key, 'workspace', workspace, 'hash', hash)
  redis.call('SADD', bootstrap, id)
end
for key, id in removed() do
  redis.call('DEL', key)
  redis.call('SREM', bootstrap, id)
end
return 'ok'
