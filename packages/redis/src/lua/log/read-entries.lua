--[[ Reads the entries of a task after a cursor atomically, so that facts and deltas can be merged: at most `limit` facts
  and `limit` deltas, each up to the first entry that exceeds `maxBytes`.
  Returns { status, turn, pos, facts, deltas, hidden turns or '', 1 when there may be more facts, 1 when more deltas },
  or nil when the task does not exist. ]]
local status, turn, lastPos, hidden = unpack(redis.call('HMGET', head, 'status', 'turn', 'pos', 'hidden'))
if not status or status == 'forgotten' then return nil end

-- The entries that fit, and whether there may be more.
local function within(entries, sizeOf)
  local left = maxBytes
  for at, entry in ipairs(entries) do
    left = left - sizeOf(entry)
    if left <= 0 and at < #entries then return { unpack(entries, 1, at) }, 1 end
  end
  return entries, #entries == limit and 1 or 0
end

local facts, moreFacts = within(redis.call('LRANGE', log, fact, fact + limit - 1), function(entry) return #entry end)
-- A delta's text is its last field.
local pieces, morePieces = within(redis.call('XRANGE', deltas, '(' .. pos .. '-0', '+', 'COUNT', limit),
  function(delta) return #delta[2][#delta[2]] end)
return { status, turn, lastPos, facts, pieces, hidden or '', moreFacts, morePieces }
