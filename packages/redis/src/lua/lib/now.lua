-- Sets `now` to Redis's time in milliseconds, unless a test passes a time.
local now = tonumber(clockTime)
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
