--[[ Takes a task out of those that may have calls that wait for somebody, when it has recorded nothing since.
  KEYS 1 log  2 reviews
  ARGV 1 the member, `<workspace>:<task id>`  2 how many facts the caller has folded
  Returns 1 taken out, 0 not. ]]
if redis.call('LLEN', KEYS[1]) ~= tonumber(ARGV[2]) then return 0 end
return redis.call('ZREM', KEYS[2], ARGV[1])
