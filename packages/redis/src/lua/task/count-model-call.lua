--[[ Counts a model call among those of a turn's tree: of the turn that nobody called and all that it has called.
  KEYS 1 the head of that turn's task
  ARGV 1 the turn
  Returns how many there are with this one, 0 when that turn has ended. ]]
-- @include record
local has = redis.call('HMGET', KEYS[1], 'status', 'turn')
if not isLive(has[1]) or has[2] ~= ARGV[1] then return 0 end
return redis.call('HINCRBY', KEYS[1], 'tree:' .. ARGV[1], 1)
