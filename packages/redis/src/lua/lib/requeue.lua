-- Queues a parked turn again, at its former place in its lane. The script has read `job`, `workspace`, `key`, `rank`,
-- `version` and `started` of its head. A turn that has reserved a call has no class: it may start although nothing else is
-- left. The command that a full Redis refuses comes first, so that the turn then stays parked.
do
  -- @include rank-of-former
  redis.call('HSET', head, 'status', 'queued', 'v', math.max(tonumber(version), headVersion), 'rank', rank)
  redis.call('ZREM', deadlines, wakeOf(job))
  queueTurn(job, workspace, key or '', rank)
  countTask(job, workspace, -1, 0)
end
