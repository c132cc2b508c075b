-- Writes the head of an accepted turn, and adds its task to every index. `pos` and `factNumber` are the start of the
-- turn in the log. `counted` is the number of metadata bytes that count for the workspace now, `countedBefore` the
-- number that counted for this task before.
do
  local fields = { 'v', version, 'pos', pos, 'ws', workspace, 'agent', agentId, 'status', 'queued', 'turn', turn,
    'segment', 1, 'job', job, 'r:' .. requestId, turn .. ' ' .. at .. ' ' .. pos .. ' ' .. factNumber,
    'bytes', bytes, 'notes', metadata, 'keep', retentionMs,
    'started', '{"at":' .. at .. ',"pos":' .. pos .. ',"fact":' .. factNumber .. ',' .. string.sub(started, 2) }
  -- The purge of the task needs the names of its indexes.
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
  -- All scores are equal, so tasks are sorted by id, and ids begin with their time.
  if turn == 1 then redis.call('ZADD', workspaceTasks, 0, taskId) end
  -- This repeats with every turn, because the deletion of the agent may already have removed the task.
  redis.call('ZADD', agentTasks, 0, taskId)
  for label in labels() do redis.call('ZADD', label, 0, taskId) end
end
