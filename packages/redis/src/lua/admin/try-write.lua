#!lua
--[[ Is refused whenever a write would be (full, read-only, disk full, too few replicas), and writes nothing: Redis asks
  only whether a script may write. `shardCount` is any key.
  Returns 'ok'. ]]
return 'ok'
