#!lua flags=allow-oom
--[[ Marks an agent as deleted, so that reconcilers cancel or delete its tasks. Deletion is final: a later mark to cancel
  the tasks changes nothing. ]]
-- @include now
if tasks == 'delete' then
  redis.call('ZADD', agentsToPurge, now, agentId)
  redis.call('ZREM', deletedAgents, agentId)
elseif not redis.call('ZSCORE', agentsToPurge, agentId) then
  redis.call('ZADD', deletedAgents, now, agentId)
end
