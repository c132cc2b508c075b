#!lua
--[[ Stores a watch token until it expires, if the workspace may have another one.
  KEYS 1 token  2 the workspace's tokens, by when they expire
  ARGV 1 what it opens, as JSON  2 ms that it is valid  3 the token as the second key has it  4 how many there may be
  Returns 1 stored, 0 there are too many. ]]
-- @include record
local now, tokens = clock(''), KEYS[2]
redis.call('ZREMRANGEBYSCORE', tokens, '-inf', now)
if redis.call('ZCARD', tokens) >= tonumber(ARGV[4]) and not redis.call('ZSCORE', tokens, ARGV[3]) then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
redis.call('ZADD', tokens, string.format('%.0f', now + ARGV[2]), ARGV[3])
if redis.call('PTTL', tokens) < tonumber(ARGV[2]) then redis.call('PEXPIRE', tokens, ARGV[2]) end
return 1
