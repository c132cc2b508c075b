-- The value of the head's `lost` for an attempt whose lease has expired: its id, and a plus if it had streamed output.
local function lostAttempt(attempt, open) return (attempt or '') .. (open and '+' or '') end
