-- @late
-- Reads the crash counts of a head from its fields `deaths`, `streamed` and `alone`. A recorded fact sets `deaths` to
-- 0, which resets the other two as well.
local function crashCounts(crashes, streamed, alone)
  crashes = tonumber(crashes or 0)
  if crashes == 0 then return 0, 0, 0 end
  return crashes, tonumber(streamed or 0), tonumber(alone or 0)
end

-- Stores the crash counts after a crash, and the time of the crash.
local function storeCrashCounts(head, now, crashes, streamed, alone)
  redis.call('HSET', head, 'deaths', crashes, 'streamed', streamed, 'alone', alone, 'died', string.format('%.0f', now))
end
-- @end
