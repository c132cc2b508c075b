--[[ Stores a new schedule, unless its workspace has too many.
  Returns 'created' | 'full'. Idempotent: with the same id again, 'created' and no change. ]]
if redis.call('EXISTS', schedule) == 1 then return 'created' end
if redis.call('ZCARD', schedulesOfWorkspace) + others >= maxSchedules then return 'full' end
redis.call('HSET', schedule, 'revision', 1, 'definition', definition, 'state', state,
  'workspace', workspace, 'agent', agentId)
-- All scores are equal, so schedules are sorted by id, and ids begin with their time.
redis.call('ZADD', schedulesOfWorkspace, 0, id)
redis.call('ZADD', schedulesOfAgent, 0, id)
if dueAt ~= '' then redis.call('ZADD', dueSchedules, dueAt, id) end
return 'created'
