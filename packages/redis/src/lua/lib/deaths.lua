-- What a head counts of the deaths of its turn's workers, from what HMGET gave of `deaths`, `streamed` and `alone`.
-- A recorded fact sets `deaths` to none, which makes the others none, too.
local function deathsOf(deaths, streamed, alone)
  deaths = tonumber(deaths or 0)
  if deaths == 0 then return 0, 0, 0 end
  return deaths, tonumber(streamed or 0), tonumber(alone or 0)
end

-- Writes them after one more, and when that was.
local function countDeath(head, now, deaths, streamed, alone)
  redis.call('HSET', head, 'deaths', deaths, 'streamed', streamed, 'alone', alone, 'died', string.format('%.0f', now))
end

-- What the head's `lost` says of an attempt whose lease has run out: its id, and a plus if it had streamed output.
local function lostOf(attempt, open)
  return (attempt or '') .. (open and '+' or '')
end
