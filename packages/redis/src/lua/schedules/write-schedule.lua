--[[ Changes a schedule, if it is as the caller has seen it, records what became of its occurrences and notes the
  events of that, if the workspace has endpoints. `write` names this write, so that it can be sent again. `request` is of a
  caller who may send it again: only the first write of a request changes anything.
  Returns 'written' | 'repeated' | 'stale' | 'not_found'. ]]
local revision, lastWrite = unpack(redis.call('HMGET', schedule, 'revision', 'write'))
if not revision then return 'not_found' end
if lastWrite == write then return 'written' end
if hasRequest and redis.call('EXISTS', request) == 1 then return 'repeated' end
if revision ~= seenRevision then return 'stale' end
redis.call('HSET', schedule, 'revision', revision + 1, 'write', write, 'state', state)
if definition ~= '' then redis.call('HSET', schedule, 'definition', definition) end
for record in records() do redis.call('LPUSH', occurrences, record) end
if recordsCount > 0 then redis.call('LTRIM', occurrences, 0, maxRecords - 1) end
if hasRequest then redis.call('SET', request, 1, 'PX', requestMs) end
if notedCount > 0 and redis.call('HEXISTS', workspaceState, 'listens') == 1 then
  for event in noted() do redis.call('ZADD', events, 'NX', 0, event) end
end
if dueAt == '' then redis.call('ZREM', dueSchedules, id) else redis.call('ZADD', dueSchedules, dueAt, id) end
return 'written'
