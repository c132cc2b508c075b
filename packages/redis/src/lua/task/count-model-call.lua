--[[ Counts a model call of a turn's tree: the turn at its root and all turns below it.
  Returns the count including this call, 0 when the root's turn has ended. ]]
local status, liveTurn = unpack(redis.call('HMGET', rootHead, 'status', 'turn'))
if not isLive(status) or liveTurn ~= turn then return 0 end
return redis.call('HINCRBY', rootHead, 'tree:' .. turn, 1)
