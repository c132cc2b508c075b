--[[ Records pieces of streamed output.
  KEYS 1 head  2 deltas  3 wake  4 log
  ARGV 1 now or ''  2 task id  3 attempt id  4 ordinal
       5 the last fact that the attempt has seen, as hasSeen takes it  6 bytes that the deltas may have together
       7.. part id, kind, text of each piece
  Beyond those bytes the deltas of closed parts go, as they do an hour after the turn. The head has in `held` how many
  bytes there are, and in `from` where the open parts begin.
  Returns { 1 recorded | 0 fenced, cancel requested 0|1 }. The same ordinal again changes nothing. ]]
-- @include record
-- @include seen
local head, deltas, wake = KEYS[1], KEYS[2], KEYS[3]
local has = redis.call('HMGET', head, 'attempt', 'status', 'ordinal', 'cancel', 'open', 'held', 'from')
local cancel = has[4] and 1 or 0
if has[1] ~= ARGV[3] or has[2] ~= 'running' then return { 0, cancel } end
local ordinal = tonumber(ARGV[4])
if tonumber(has[3]) >= ordinal then return { 1, cancel } end
if not hasSeen(KEYS[4], ARGV[5]) then return { 0, cancel } end

local now = clock(ARGV[1])
local open = has[5] and cjson.decode(has[5]) or {}
local held, from, pos = tonumber(has[6] or 0), has[7] or ''
for i = 7, #ARGV, 3 do
  pos = redis.call('HINCRBY', head, 'pos', 1)
  if #open == 0 then from = pos end
  held = held + #ARGV[i + 2]
  redis.call('XADD', deltas, pos .. '-0', 'at', now, 'part', ARGV[i], 'kind', ARGV[i + 1], 'text', ARGV[i + 2])
  local last = open[#open]
  if last and last.partId == ARGV[i] then
    last.deltas = last.deltas + 1
  else
    open[#open + 1] = { partId = ARGV[i], kind = ARGV[i + 1], deltas = 1 }
  end
end
if held > tonumber(ARGV[6]) and from ~= '' then
  redis.call('XTRIM', deltas, 'MINID', from .. '-0')
  held = 0
end
redis.call('HSET', head, 'ordinal', ordinal, 'open', cjson.encode(open), 'held', held, 'from', from)
hint(wake, ARGV[2], pos, 'delta')
return { 1, cancel }
