#!lua flags=allow-oom
--[[ Records the heartbeat of a worker process, and removes processes that have been silent for an hour. ]]
-- @include now
redis.call('ZADD', workers, now, worker)
redis.call('ZREMRANGEBYSCORE', workers, '-inf', now - silentWorkerKeptMs)
