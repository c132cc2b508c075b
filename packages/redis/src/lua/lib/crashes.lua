-- What a head counts of the crashes of its turn's workers, from what HMGET gave of `deaths`, `streamed` and `alone`.
-- A recorded fact sets `deaths` to none, which makes the others none, too.
local function crashCounts(crashes, streamed, alone)
  crashes = tonumber(crashes or 0)
  if crashes == 0 then return 0, 0, 0 end
  return crashes, tonumber(streamed or 0), tonumber(alone or 0)
end

-- Writes them after one more, and when that was.
local function storeCrashCounts(head, now, crashes, streamed, alone)
  redis.call('HSET', head, 'deaths', crashes, 'streamed', streamed, 'alone', alone, 'died', string.format('%.0f', now))
end
