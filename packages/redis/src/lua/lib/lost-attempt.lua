-- What the head's `lost` says of an attempt whose lease has run out: its id, and a plus if it had streamed output.
local function lostAttempt(attempt, open)
  return (attempt or '') .. (open and '+' or '')
end
