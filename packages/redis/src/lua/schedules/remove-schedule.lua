#!lua flags=allow-oom
--[[ Removes a schedule with the records of its occurrences.
  Returns 1 removed, 0 when it did not exist. ]]
redis.call('ZREM', dueSchedules, id)
redis.call('ZREM', schedulesOfWorkspace, id)
redis.call('ZREM', schedulesOfAgent, id)
redis.call('UNLINK', occurrences)
return redis.call('UNLINK', schedule)
