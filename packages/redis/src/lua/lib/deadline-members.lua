-- The members of `deadlines` for the turn of a job: the one that ends it, and the one that wakes it when it is parked.
local function deadlineOf(job)
  return string.match(job, '^[^.]+') .. ':end'
end
local function wakeOf(job)
  return string.match(job, '^[^.]+') .. ':wake'
end
-- The one that cancels the turn of a sub-agent's task, its first.
local function cancelOf(task)
  return 'resp_' .. task .. '0001:cancel'
end
