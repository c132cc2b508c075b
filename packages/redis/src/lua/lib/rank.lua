-- The place of a turn in its lane: the time from which on it may start, and a delay for its priority.
local rank = string.format('%d', startTime + (tonumber(priority ~= '' and priority or usualPriority) - 1) * ageingMs)
