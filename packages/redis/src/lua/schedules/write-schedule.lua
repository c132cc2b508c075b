--[[ Changes a schedule, if it is as the caller has seen it, and records what became of its occurrences. `write` names
  this write, so that it can be sent again.
  Returns 'written' | 'stale' | 'not_found'. ]]
local revision, lastWrite = unpack(redis.call('HMGET', schedule, 'revision', 'write'))
if not revision then return 'not_found' end
if lastWrite == write then return 'written' end
if revision ~= seenRevision then return 'stale' end
redis.call('HSET', schedule, 'revision', revision + 1, 'write', write, 'state', state)
if definition ~= '' then redis.call('HSET', schedule, 'definition', definition) end
for record in records() do redis.call('LPUSH', occurrences, record) end
if recordsCount > 0 then redis.call('LTRIM', occurrences, 0, maxRecords - 1) end
if dueAt == '' then redis.call('ZREM', dueSchedules, id) else redis.call('ZADD', dueSchedules, dueAt, id) end
return 'written'
