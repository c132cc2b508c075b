#!lua flags=allow-oom
--[[ Records that a worker process lives, and removes those that have been silent for an hour. ]]
-- @include now
redis.call('ZADD', workers, now, worker)
redis.call('ZREMRANGEBYSCORE', workers, '-inf', now - silentWorkerKeptMs)
