-- Queues a parked turn again, at its former place in its lane. A turn that has reserved a call has no class: it may start
-- although nothing else is left. The command that a full Redis refuses comes first, so
-- that the turn then stays parked.
do
  local job, workspace, key, rank, version, started =
    unpack(redis.call('HMGET', head, 'job', 'ws', 'fk', 'rank', 'v', 'started'))
  -- @include rank-of-former
  redis.call('HSET', head, 'status', 'queued', 'v', math.max(tonumber(version), headVersion), 'rank', rank)
  redis.call('ZREM', deadlines, wakeOf(job))
  queueTurn(job, workspace, key or '', rank)
end
