-- Adds to `fields` what a task changes in the counts of its workspace: the parked turns, and the bytes of its tasks. A
-- recount that is under way (`recount`: the last task that it has passed, and its sums) counts the change, too, if it
-- has passed the task.
local function addCounts(fields, counts, taskId, parked, bytes)
  local function addField(name, value)
    fields[#fields + 1] = name
    fields[#fields + 1] = value
  end
  if parked ~= 0 then
    -- An earlier version has parked turns that it did not count.
    counts.parked = math.max(0, counts.parked + parked)
    addField('parked', counts.parked)
  end
  if bytes ~= 0 then
    counts.bytes = math.max(0, counts.bytes + bytes)
    addField('bytes', string.format('%.0f', counts.bytes))
  end
  local last, sumOfBytes, sumOfParked = string.match(counts.recount or '', '^(%S+) (%S+) (%S+)$')
  if last and taskId <= last then
    counts.recount = string.format('%s %.0f %d', last, sumOfBytes + bytes, sumOfParked + parked)
    addField('recount', counts.recount)
  end
end

-- The counts of a workspace.
local function countsOf(key)
  local parked, bytes, recount = unpack(redis.call('HMGET', key, 'parked', 'bytes', 'recount'))
  return { parked = tonumber(parked or 0), bytes = tonumber(bytes or 0), recount = recount }
end
