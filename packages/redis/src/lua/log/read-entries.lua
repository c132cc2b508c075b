--[[ Reads what a task has recorded after a cursor, in one piece, so that facts and deltas can be merged.
  KEYS 1 head  2 log  3 deltas
  ARGV 1 facts already read  2 pos already read  3 how many of each at most  4 bytes of each: none comes behind the one
       that exceeds them
  Returns { status, turn, pos, facts, deltas, hidden turns or '', 1 when there may be more facts, 1 when more deltas }
  or nothing when there is no such task. ]]
local has = redis.call('HMGET', KEYS[1], 'status', 'turn', 'pos', 'hidden')
if not has[1] or has[1] == 'forgotten' then return nil end
local from, most, room = tonumber(ARGV[1]), tonumber(ARGV[3]), tonumber(ARGV[4])

-- Those that have room, and whether there may be more.
local function within(entries, sizeOf)
  local left = room
  for at, entry in ipairs(entries) do
    left = left - sizeOf(entry)
    if left <= 0 and at < #entries then return { unpack(entries, 1, at) }, 1 end
  end
  return entries, #entries == most and 1 or 0
end

local facts, moreFacts = within(redis.call('LRANGE', KEYS[2], from, from + most - 1), function(fact) return #fact end)
-- A delta's text is its last field.
local deltas, moreDeltas = within(redis.call('XRANGE', KEYS[3], '(' .. ARGV[2] .. '-0', '+', 'COUNT', most),
  function(delta) return #delta[2][#delta[2]] end)
return { has[1], has[2], has[3], facts, deltas, has[4] or '', moreFacts, moreDeltas }
