#!lua flags=allow-oom
--[[ Soft-deletes an ended turn of a task: its response is unknown from now on. A task without another visible turn is due
  for the purge at once. Idempotent.
  Returns 'hidden', 'last' when it was the last visible one, 'live' while the turn runs, or 'not_found'. ]]
local status, lastTurn, stored = unpack(redis.call('HMGET', head, 'status', 'turn', 'hidden'))
if not status or status == 'forgotten' or turn < 1 or turn > tonumber(lastTurn) then return 'not_found' end
if turn == tonumber(lastTurn) and isLive(status) then return 'live' end
local hidden = stored or ' '
if not string.find(hidden, ' ' .. turn .. ' ', 1, true) then
  hidden = hidden .. turn .. ' '
  redis.call('HSET', head, 'hidden', hidden)
end
if select(2, string.gsub(hidden, '%d+', '')) < tonumber(lastTurn) then return 'hidden' end
-- @include now
redis.call('ZADD', purges, now, taskId)
return 'last'
