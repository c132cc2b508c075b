--[[ Reads the deltas of a task after the number `after`, up to the number `last`.
  Returns a list of { at, part, kind, text }; nil when one of these numbers is not that of a delta that is stored, or when
  the texts have more than `maxBytes`. ]]
local pieces = redis.call('XRANGE', deltas, '(' .. after .. '-0', last .. '-0')
if #pieces ~= last - after then return nil end
local reply, size = {}, 0
for at, piece in ipairs(pieces) do
  local fields = piece[2]
  size = size + #fields[8]
  if size > maxBytes then return nil end
  reply[at] = { fields[2], fields[4], fields[6], fields[8] }
end
return reply
