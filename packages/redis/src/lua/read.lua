--[[ Reads what a task has recorded after a cursor, in one piece, so that facts and deltas can be merged.
  KEYS 1 head  2 log  3 deltas
  ARGV 1 facts already read  2 pos already read  3 how many of each at most
  Returns { status, turn, pos, facts, deltas, hidden turns or '' } or nothing when there is no such task. ]]
local has = redis.call('HMGET', KEYS[1], 'status', 'turn', 'pos', 'hidden')
if not has[1] or has[1] == 'forgotten' then return nil end
local from, most = tonumber(ARGV[1]), tonumber(ARGV[3])
return { has[1], has[2], has[3], redis.call('LRANGE', KEYS[2], from, from + most - 1),
  redis.call('XRANGE', KEYS[3], '(' .. ARGV[2] .. '-0', '+', 'COUNT', most),
  has[4] or '' }
