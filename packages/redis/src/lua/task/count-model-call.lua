--[[ Counts a model call among those of a turn's tree: of the turn at its root and all that it has called.
  Returns how many there are with this one, 0 when the root's turn has ended. ]]
local status, liveTurn = unpack(redis.call('HMGET', rootHead, 'status', 'turn'))
if not isLive(status) or liveTurn ~= turn then return 0 end
return redis.call('HINCRBY', rootHead, 'tree:' .. turn, 1)
