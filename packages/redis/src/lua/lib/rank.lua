-- The place of a turn in its lane: its time, and a delay for its priority.
local rank = string.format('%.0f', now + (tonumber(priority ~= '' and priority or usualPriority) - 1) * ageingMs)
