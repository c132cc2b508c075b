#!lua flags=allow-oom
--[[ Hides an ended turn of a task: whoever asks for its response finds it unknown. A task with no other turn is due
  to be forgotten at once. Twice is as once.
  KEYS 1 head  2 forget
  ARGV 1 now or ''  2 task id  3 turn
  Returns 'hidden', 'last' when it was the last one to be seen, 'live' while the turn runs, or 'not_found'. ]]
-- @include record
local head, turn = KEYS[1], tonumber(ARGV[3])
local has = redis.call('HMGET', head, 'status', 'turn', 'hidden')
if not has[1] or has[1] == 'forgotten' or turn < 1 or turn > tonumber(has[2]) then return 'not_found' end
if turn == tonumber(has[2]) and isLive(has[1]) then return 'live' end
local hidden = has[3] or ' '
if not string.find(hidden, ' ' .. turn .. ' ', 1, true) then
  hidden = hidden .. turn .. ' '
  redis.call('HSET', head, 'hidden', hidden)
end
if select(2, string.gsub(hidden, '%d+', '')) < tonumber(has[2]) then return 'hidden' end
redis.call('ZADD', KEYS[2], clock(ARGV[1]), ARGV[2])
return 'last'
