-- Writes the head of an accepted turn, adds its task to every index, and queues the turn. `turn`, `pos` and `factNumber`,
-- the start of the turn in the log, are texts, and so is `at`: Redis would convert a number for each command. `counted` is
-- the number of metadata bytes that count for the workspace now, `countedBefore` the number that counted for this task
-- before. `rank` is the place of the turn in its lane, `key` the short form of its fairness key, `class` that of the class
-- of its model or ''. `bytesCounted` is how many of its task's bytes the workspace counts already. `isOneLane` is as in
-- `submit-limits.lua`. With `startsLater`, a claim examines the turn from `startTime` on; with `expiresAt` it fails unless
-- a worker has it by then. `isAwaited` when a caller waits for the end. `started` comes without its first brace. `words`
-- are those by which a new task is found, or ''.
do
  local storedBytes = string.format('%d', bytes)
  local fields = { 'v', version, 'pos', pos, 'ws', workspace, 'agent', agentId, 'status', 'queued', 'turn', turn,
    'job', job, 'r:' .. requestId, turn .. ' ' .. at .. ' ' .. pos .. ' ' .. factNumber,
    'bytes', storedBytes, 'keep', retentionMs, 'rank', rank,
    'started', '{"at":' .. at .. ',"pos":' .. pos .. ',"fact":' .. factNumber .. ',' .. started }
  local count = #fields
  local function addField(name, value)
    fields[count + 1], fields[count + 2] = name, value
    count = count + 2
  end
  if metadata ~= '' then addField('notes', metadata) end
  -- The purge of the task needs the names of its indexes.
  for label in labels() do addField('l:' .. labelIndexOf(workspace, label), '1') end
  if words ~= '' then addField('words', words) end
  if priority ~= '' then addField('priority', priority) end
  if key ~= '' then
    addField('fk', key)
    addField('fairness-key', fairnessKey)
  end
  if counted ~= countedBefore then
    addField('noted', counted)
    redis.call('HINCRBY', metadataBytesOf(), workspace, counted - countedBefore)
  end
  local grown = bytes - bytesCounted
  -- A small turn is counted at its end, because the count would cost every turn a command.
  if grown < countedAtOnceBytes then grown = 0 end
  if grown > 0 then addField('bytes-counted', storedBytes) end
  if startsLater then addField('start-at', string.format('%d', startTime)) end
  if expiresAt then addField('expires', string.format('%d', expiresAt)) end
  if class ~= '' then addField('class', class) end
  if isAwaited then addField('waits', '1') end
  redis.call('HSET', head, unpack(fields))
  if startsLater then
    delayTurn(job, startTime)
  else
    queueTurn(job, workspace, key, rank, class ~= '' and class or nil, isOneLane)
  end
  if expiresAt then redis.call('ZADD', expiriesOf(), string.format('%d', expiresAt), job) end
  if grown > 0 then countTask(job, workspace, 0, grown) end
  redis.call('ZADD', deadlines, string.format('%d', deadline), deadlineOf(job))
  -- All scores are equal, so tasks are sorted by id, and ids begin with their time.
  if turn == '1' then redis.call('ZADD', taskIndexOf(workspace), '0', taskId) end
  -- This repeats with every turn, because the deletion of the agent may already have removed the task.
  redis.call('ZADD', agentIndexOf(agentId), '0', taskId)
  for label in labels() do redis.call('ZADD', labelIndexOf(workspace, label), '0', taskId) end
end
