#!lua flags=allow-oom
--[[ Marks an agent as deleted, so that reconcilers cancel its tasks or delete them. To delete them is final: a later
  mark to cancel them changes nothing. ]]
-- @include now
if tasks == 'delete' then
  redis.call('ZADD', agentsToPurge, now, agentId)
  redis.call('ZREM', deletedAgents, agentId)
elseif not redis.call('ZSCORE', agentsToPurge, agentId) then
  redis.call('ZADD', deletedAgents, now, agentId)
end
