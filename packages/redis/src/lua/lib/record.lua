-- Redis's own time in milliseconds, unless a test passes one.
local function clock(given)
  if given ~= '' then return tonumber(given) end
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

-- The members of `deadlines` for the turn of a job: the one that ends it, and the one that wakes it when it is parked.
local function deadlineOf(job)
  return string.match(job, '^[^.]+') .. ':end'
end
local function wakeOf(job)
  return string.match(job, '^[^.]+') .. ':wake'
end
-- And the one that cancels the turn of a sub-agent's task, its first.
local function cancelOf(task)
  return 'resp_' .. task .. '0001:cancel'
end
-- Has those be cancelled that a turn has called, the head's `children`.
local function cancelChildren(deadlines, now, children)
  for child in string.gmatch(children or '', '%S+') do redis.call('ZADD', deadlines, now, cancelOf(child)) end
end

-- Whether a turn of this status has not ended.
local function isLive(status)
  return status == 'queued' or status == 'running' or status == 'parked'
end

-- A fact, given as JSON, as the log has it.
-- Its text is spliced, not decoded: cjson would turn its empty lists into objects.
local function recorded(pos, now, fact)
  return '{"v":1,"pos":' .. pos .. ',"at":' .. now .. ',' .. string.sub(fact, 2)
end

-- Records a fact under the task's next number; returns it and the log's length.
local function record(head, log, now, fact)
  local pos = redis.call('HINCRBY', head, 'pos', 1)
  return pos, redis.call('RPUSH', log, recorded(pos, now, fact))
end

-- How many bytes these arguments are.
local function sizeOf(args, first, last)
  local size = 0
  for i = first, last do size = size + #args[i] end
  return size
end

-- Tells the watchers. Hints are numbered without a gap, so that a reader sees when it missed one.
local function hint(wake, task, pos, kind)
  redis.call('XADD', wake, 'MAXLEN', '~', 10000, '0-*', 't', task, 'p', pos, 'k', kind)
end

-- Gives up the parts that were being streamed, the head's `open`: they never get their part.finished.
local function abandon(head, log, now, open)
  if open then
    record(head, log, now, '{"type":"parts.abandoned","parts":' .. open .. '}')
    redis.call('HDEL', head, 'open')
  end
end

-- Keeps large values beside the log; the head lists them.
local function keep(head, keys, first, args, from)
  if #keys < first then return end
  local list = redis.call('HGET', head, 'blobs') or ''
  for i = first, #keys do
    if redis.call('SET', keys[i], args[from + i - first], 'NX') then
      list = list .. ' ' .. string.match(keys[i], '[^:]+$')
    end
  end
  redis.call('HSET', head, 'blobs', list)
end
