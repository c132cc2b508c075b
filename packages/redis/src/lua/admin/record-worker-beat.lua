#!lua flags=allow-oom
--[[ Records the heartbeat of a worker process and its number of slots, and removes processes that have been silent for an hour. ]]
-- @include now
redis.call('ZADD', workers, now, worker)
redis.call('HSET', scheduler, 'slots:' .. worker, slots)
redis.call('ZREMRANGEBYSCORE', workers, '-inf', now - silentWorkerKeptMs)
