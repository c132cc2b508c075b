-- How many bytes of a task's notes count for its workspace: to count small ones would cost every turn a command.
local function countedNotes(notes)
  return #notes >= 1024 and #notes or 0
end

-- Writes what the head of an accepted turn tells, and puts its task where all may find it that look for it.
-- `labels` are the indexes of its labels. `noted` is how many bytes of notes were counted for the task before.
local function accept(turn, now, at, labels)
  local fields = { 'v', turn.v, 'pos', turn.pos, 'ws', turn.ws, 'agent', turn.agent, 'status', 'queued', 'turn', turn.turn,
    'segment', 1, 'job', turn.job, 'r:' .. turn.request, turn.turn .. ' ' .. at .. ' ' .. turn.pos .. ' ' .. turn.fact,
    'bytes', turn.bytes, 'notes', turn.notes, 'keep', turn.keep,
    'started', '{"at":' .. at .. ',"pos":' .. turn.pos .. ',"fact":' .. turn.fact .. ',' .. string.sub(turn.told, 2) }
  -- Whoever forgets the task must know where it stands.
  for _, label in ipairs(labels) do
    fields[#fields + 1] = 'l:' .. label
    fields[#fields + 1] = 1
  end
  local noted = countedNotes(turn.notes)
  if noted ~= turn.noted then
    fields[#fields + 1] = 'noted'
    fields[#fields + 1] = noted
    redis.call('HINCRBY', turn.noteBytes, turn.ws, noted - turn.noted)
  end
  redis.call('HSET', turn.head, unpack(fields))
  redis.call('ZADD', turn.outbox, now + 5000, turn.job)
  redis.call('ZADD', turn.deadlines, turn.deadline, deadlineOf(turn.job))
  -- All scores are equal: the order is that of the ids, which begin with their time.
  if turn.turn == 1 then redis.call('ZADD', turn.workspaceIndex, 0, turn.task) end
  -- With every turn: when the agent is being deleted, the turn before was crossed off already.
  redis.call('ZADD', turn.agentIndex, 0, turn.task)
  for _, label in ipairs(labels) do redis.call('ZADD', label, 0, turn.task) end
end

-- Adds the job of a turn's first segment.
local function addTurn(keys, prefix, at, job, task, turn)
  addJob(keys, prefix, at, job, '{"taskId":"' .. task .. '","turn":' .. turn .. ',"segment":1}')
end
