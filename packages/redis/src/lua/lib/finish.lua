-- Ends the live turn with the facts in `ends`, with `endStatus` and `result`: removes it from every set that contains it,
-- frees its slot, adds it to the failed turns if it failed, and sets the purge time of its task. Schedules the cancel of its child
-- tasks and the answer to its parent. Sets `pos` and `length` as `record` returns them, and `hasLinks` to 1 if there are
-- such tasks, else to 0. The script has read these fields of the head: `status`, `cancel`, `job`, `open`, `keptMs`,
-- `parent`, `children`, `workspace`, `key`, `since`, `version`, `held`, `lastPos`, `storedBytes`,
-- `bytesCounted`, `expires` and `agent`.
-- `usage` is what the turn has used, as JSON. A worker counts it later.
-- `fields` are stored with the end.
do
  pos, length = recordAll(log, lastPos, string.format('%d', now), ends)
  storedBytes = storedBytes or 0
  local grown = storedBytes - (bytesCounted or 0)
  redis.call('HSET', head, 'status', endStatus, 'result', result, 'pos', textOf(pos), 'bytes-counted', storedBytes, unpack(fields))
  if open or cancel then redis.call('HDEL', head, 'cancel', 'open') end
  if status == 'running' then
    redis.call('ZREM', leases, job)
    freeSlot(job, workspace, key or '', since, 0, grown)
  elseif status == 'queued' then
    unqueueTurn(job, workspace, key or '')
    if tonumber(version) < headVersion then redis.call('ZREM', outboxOf(), job) end
    countTask(job, workspace, 0, grown)
  else
    countTask(job, workspace, -1, grown)
  end
  if status == 'parked' then
    redis.call('ZREM', deadlines, deadlineOf(job), wakeOf(job))
  else
    redis.call('ZREM', deadlines, deadlineOf(job))
  end
  if expires then redis.call('ZREM', expiriesOf(), job) end
  if endStatus == 'failed' then redis.call('ZADD', failedOf(), now, taskId) end
  redis.call('ZADD', purges, string.format('%d', now + keptMs), taskId)
  if held then redis.call('EXPIRE', deltas, deltasKeptSeconds) end
  if parent then redis.call('ZADD', answersOf(), now + answerLostAfterMs, taskId .. ' ' .. parent) end
  if children then cancelChildren(deadlines, now, children) end
  notify(wake, taskId, pos, 'end')
  if readState(workspace).listens then redis.call('ZADD', eventsOf(), now, job .. ' ' .. pos .. ' ' .. length - 1) end
  redis.call('RPUSH', uncountedOf(), job .. ' ' .. string.format('%d', now) .. ' ' .. workspace .. ' ' .. (agent or '-') .. ' ' .. endStatus .. ' ' .. usage)
  hasLinks = (parent or children) and 1 or 0
end
