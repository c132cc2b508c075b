--[[ Hides an ended turn of a task: whoever asks for its response finds it unknown.
  KEYS 1 head
  ARGV 1 turn
  Returns { 'hidden', how many turns are not hidden }, { 'live' } while the turn runs, or { 'not_found' }. Twice is as once. ]]
-- @include record
local head, turn = KEYS[1], tonumber(ARGV[1])
local has = redis.call('HMGET', head, 'status', 'turn', 'hidden')
if not has[1] or has[1] == 'forgotten' or turn < 1 or turn > tonumber(has[2]) then return { 'not_found' } end
if turn == tonumber(has[2]) and isLive(has[1]) then return { 'live' } end
local hidden = has[3] or ' '
if not string.find(hidden, ' ' .. turn .. ' ', 1, true) then
  hidden = hidden .. turn .. ' '
  redis.call('HSET', head, 'hidden', hidden)
end
return { 'hidden', tonumber(has[2]) - select(2, string.gsub(hidden, '%d+', '')) }
