-- Adds to `fields` what a task changes in the counts of its workspace: the parked turns, and the bytes of its tasks. A
-- recount that is under way (`recount`: the last task that it has passed, and its sums) counts the change, too, if it
-- has passed the task.
local function addCounts(fields, counts, taskId, parked, bytes)
  local count = #fields
  if parked ~= 0 then
    -- An earlier version has parked turns that it did not count.
    counts.parked = math.max(0, counts.parked + parked)
    fields[count + 1], fields[count + 2] = 'parked', counts.parked
    count = count + 2
  end
  if bytes ~= 0 then
    counts.bytes = math.max(0, counts.bytes + bytes)
    fields[count + 1], fields[count + 2] = 'bytes', string.format('%d', counts.bytes)
    count = count + 2
  end
  if not counts.recount then return end
  local last, sumOfBytes, sumOfParked = string.match(counts.recount, '^(%S+) (%S+) (%S+)$')
  if last and taskId <= last then
    counts.recount = string.format('%s %.0f %d', last, sumOfBytes + bytes, sumOfParked + parked)
    fields[count + 1], fields[count + 2] = 'recount', counts.recount
  end
end

-- @late
-- The counts of a workspace.
local function countsOf(key)
  local parked, bytes, recount = unpack(redis.call('HMGET', key, 'parked', 'bytes', 'recount'))
  return { parked = tonumber(parked or 0), bytes = tonumber(bytes or 0), recount = recount }
end
-- @end
