#!lua flags=no-writes
--[[ Reads the counts of a workspace in its shard.
  Returns { queued turns in its lanes, running turns, parked turns, tasks, bytes of its tasks, ms since the submission of
  the oldest among the turns that are next in their lanes, or '' }. Of a workspace with many keys, some are examined. ]]
-- @include now
local queued, parked, bytes, isKeyed = unpack(redis.call('HMGET', stateKey, 'queued', 'parked', 'bytes', 'keyed'))
local lanes = { [''] = true }
if isKeyed then
  for _, member in ipairs(redis.call('ZRANGE', keyRingOf(workspace), 0, lanesExamined - 1)) do
    lanes[string.sub(member, 17)] = true
  end
  if redis.call('HLEN', stateKey) < lanesExamined then
    for _, field in ipairs(redis.call('HKEYS', stateKey)) do
      if string.sub(field, 1, 2) == 'k:' then lanes[string.sub(field, 3)] = true end
    end
  end
end
local oldest
for key in pairs(lanes) do
  local job = redis.call('ZRANGE', backlogOf(workspace, key), 0, 0)[1]
  local started = job and redis.call('HGET', headOf(string.sub(job, 6, 31)), 'started')
  local at = started and tonumber(string.match(started, '"at":(%d+)'))
  if at and (not oldest or at < oldest) then oldest = at end
end
return { tonumber(queued or 0), redis.call('SCARD', runningTurnsOf(workspace)), tonumber(parked or 0),
  redis.call('ZCARD', taskIndexOf(workspace)), bytes or '0', oldest and math.max(0, now - oldest) or '' }
