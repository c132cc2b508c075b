-- Writes the head of an accepted turn, and puts its task into every index.
-- `pos` and `factNumber` say where the turn begins in the log; `counted` is how many bytes of metadata count for the
-- workspace now, and `countedBefore` how many did for this task.
do
  local fields = { 'v', version, 'pos', pos, 'ws', workspace, 'agent', agentId, 'status', 'queued', 'turn', turn,
    'segment', 1, 'job', job, 'r:' .. requestId, turn .. ' ' .. at .. ' ' .. pos .. ' ' .. factNumber,
    'bytes', bytes, 'notes', metadata, 'keep', retentionMs,
    'started', '{"at":' .. at .. ',"pos":' .. pos .. ',"fact":' .. factNumber .. ',' .. string.sub(started, 2) }
  -- To purge the task, its indexes must be known.
  for label in labels() do
    fields[#fields + 1] = 'l:' .. label
    fields[#fields + 1] = 1
  end
  if counted ~= countedBefore then
    fields[#fields + 1] = 'noted'
    fields[#fields + 1] = counted
    redis.call('HINCRBY', metadataBytes, workspace, counted - countedBefore)
  end
  redis.call('HSET', head, unpack(fields))
  redis.call('ZADD', outbox, now + jobLostAfterMs, job)
  redis.call('ZADD', deadlines, deadline, deadlineOf(job))
  -- All scores are equal: the order is that of the ids, which begin with their time.
  if turn == 1 then redis.call('ZADD', workspaceTasks, 0, taskId) end
  -- With every turn: when the agent is being deleted, the turn before was crossed off already.
  redis.call('ZADD', agentTasks, 0, taskId)
  for label in labels() do redis.call('ZADD', label, 0, taskId) end
end
