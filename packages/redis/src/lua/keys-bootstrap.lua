#!lua flags=allow-oom
--[[ Makes the given API keys the only ones that came from the environment. The caller declares every key
  that it writes or removes; when meanwhile another one became a bootstrap key, nothing is done.
  KEYS 1 set of the bootstrap keys' ids  2… the keys to write, then those to remove
  ARGV 1 how many to write  2… id, workspace, hash of each to write  …then the id of each to remove
  Returns 'ok' | 'stale'. Twice is as once. ]]
local set, writes = KEYS[1], tonumber(ARGV[1])
local declared = {}
for i = 1, writes do declared[ARGV[3 * i - 1]] = true end
for i = 3 * writes + 2, #ARGV do declared[ARGV[i]] = true end
for _, id in ipairs(redis.call('SMEMBERS', set)) do
  if not declared[id] then return 'stale' end
end

for i = 1, writes do
  redis.call('HSET', KEYS[i + 1], 'workspace', ARGV[3 * i], 'hash', ARGV[3 * i + 1])
  redis.call('SADD', set, ARGV[3 * i - 1])
end
for i = writes + 2, #KEYS do
  redis.call('DEL', KEYS[i])
  redis.call('SREM', set, ARGV[2 * writes + i])
end
return 'ok'
