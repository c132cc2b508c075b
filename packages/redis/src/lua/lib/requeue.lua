-- Queues a parked turn again, at its former place in its lane. The command that a full Redis refuses comes first, so
-- that the turn then stays parked.
do
  local job, workspace, key, rank, version, started =
    unpack(redis.call('HMGET', head, 'job', 'ws', 'fk', 'rank', 'v', 'started'))
  -- @include rank-of-former
  redis.call('HSET', head, 'status', 'queued', 'v', math.max(tonumber(version), headVersion), 'rank', rank)
  redis.call('ZREM', deadlines, wakeOf(job))
  queueTurn(job, workspace, key or '', rank)
  countTask(job, workspace, -1, 0)
end
