-- A writer knows the log up to a fact that it has seen: `seen` is `<length of the log> <pos> <at>`, or '' if it does not
-- know. A failover may lose the tail of the log, and others may record facts in its place. The head and the log are written
-- together, so a log has the latest fact that an attempt has recorded: the head's `own`, `<pos> <at>`.

-- Whether the last fact that a writer has seen is `own`.
local function hasSeenOwn(seen, own) return own and string.sub(seen, -#own - 1) == ' ' .. own end

-- The same, if the log has no fact after it either: `lastPos` is the last number of the task, and `folded` how many facts
-- the writer knows.
local function knowsAll(seen, own, lastPos, folded) return own and seen == folded .. ' ' .. own and string.sub(own, 1, #lastPos + 1) == lastPos .. ' ' end

-- @late
-- Whether a stored fact has a number and a time. Almost all facts are of this version.
local function isFact(fact, pos, at)
  local start = factStart .. pos .. ',"at":' .. at .. ','
  if string.sub(fact, 1, #start) == start then return true end
  return string.match(fact, '^{"v":%d+,("pos":%d+,"at":%d+),') == '"pos":' .. pos .. ',"at":' .. at
end

-- Whether the log still has the last fact that a writer has seen.
local function stillHas(log, seen)
  if seen == '' then return true end
  local length, pos, at = string.match(seen, '^(%d+) (%d+) (%d+)$')
  return isFact(redis.call('LINDEX', log, length - 1) or '', pos, at)
end

-- Whether the log still has that fact, and whether it has more facts than the `folded` ones that the writer knows.
local function compareLog(log, seen, folded)
  local length, pos, at = string.match(seen, '^(%d+) (%d+) (%d+)$')
  if tonumber(length) ~= folded or folded == 0 then return stillHas(log, seen), redis.call('LLEN', log) ~= folded end
  local fact, more = unpack(redis.call('LRANGE', log, folded - 1, folded))
  return isFact(fact or '', pos, at), more ~= nil
end
-- @end
