--[[ Records pieces of streamed output.
  Above `maxBytes`, the deltas of closed parts are removed; the others are removed an hour after the turn. The head
  stores the number of bytes in `held`, and the start of the open parts in `from`.
  Returns { 1 recorded | 0 fenced, cancel requested 0|1 }. Idempotent: the same ordinal again changes nothing. ]]
-- @include notify
-- @include last-seen
local holder, status, lastOrdinal, cancel, openJson, storedHeld, storedFrom, lastPos, own =
  unpack(redis.call('HMGET', head, 'attempt', 'status', 'ordinal', 'cancel', 'open', 'held', 'from', 'pos', 'own'))
local cancelRequested = cancel and 1 or 0
if holder ~= attempt or status ~= 'running' then return { 0, cancelRequested } end
if tonumber(lastOrdinal) >= ordinal then return { 1, cancelRequested } end
if not hasSeenOwn(lastSeen, own) and not stillHas(log, lastSeen) then return { 0, cancelRequested } end

-- @include now
local open = openJson and cjson.decode(openJson) or {}
local held, from, pos = tonumber(storedHeld or 0), storedFrom or '', tonumber(lastPos)
local heldBefore = held
for part, kind, text in pieces() do
  pos = pos + 1
  if #open == 0 then from = pos end
  held = held + #text
  redis.call('XADD', deltas, pos .. '-0', 'at', now, 'part', part, 'kind', kind, 'text', text)
  local last = open[#open]
  if last and last.partId == part then
    last.deltas = last.deltas + 1
  else
    open[#open + 1] = { partId = part, kind = kind == 'refusal' and 'text' or kind, deltas = 1 }
  end
end
-- Watchers read small pieces of many tasks together.
local change = held - heldBefore <= smallDeltaBytes and 'delta' or 'fact'
if held > maxBytes and from ~= '' then
  redis.call('XTRIM', deltas, 'MINID', from .. '-0')
  held = 0
end
redis.call('HSET', head, 'pos', pos, 'ordinal', ordinal, 'open', cjson.encode(open), 'held', held, 'from', from)
notify(wake, taskId, pos, change)
return { 1, cancelRequested }
