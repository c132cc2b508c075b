#!lua flags=allow-oom
--[[ Makes the given API keys the only ones that came from the environment, unless a newer process has set them.
  The caller declares every key that it writes or removes; when meanwhile another one became a bootstrap key,
  nothing is done.
  KEYS 1 set of the bootstrap keys' ids  2 the generation of that list  3… the keys to write, then those to remove
  ARGV 1 the caller's generation  2 how many to write  3… id, workspace, hash of each to write
       …then the id of each to remove
  Returns 'ok' | 'stale' | 'superseded'. Safe to be sent twice. ]]
local set, generation = KEYS[1], KEYS[2]
local own, writes = tonumber(ARGV[1]), tonumber(ARGV[2])
if tonumber(redis.call('GET', generation) or 0) > own then return 'superseded' end
local declared = {}
for i = 1, writes do declared[ARGV[3 * i]] = true end
for i = 3 * writes + 3, #ARGV do declared[ARGV[i]] = true end
for _, id in ipairs(redis.call('SMEMBERS', set)) do
  if not declared[id] then return 'stale' end
end

redis.call('SET', generation, ARGV[1])
for i = 1, writes do
  redis.call('HSET', KEYS[i + 2], 'workspace', ARGV[3 * i + 1], 'hash', ARGV[3 * i + 2])
  redis.call('SADD', set, ARGV[3 * i])
end
for i = writes + 3, #KEYS do
  redis.call('DEL', KEYS[i])
  redis.call('SREM', set, ARGV[2 * writes + i])
end
return 'ok'
