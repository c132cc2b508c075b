-- The members of `deadlines` for the turn of a job: one ends the turn, the other wakes a parked turn.
local function deadlineOf(job) return string.match(job, '^[^.]+') .. ':end' end
local function wakeOf(job) return string.match(job, '^[^.]+') .. ':wake' end

-- The member that cancels the first turn of a sub-agent's task.
local function cancelOf(task) return 'resp_' .. task .. '0001:cancel' end
