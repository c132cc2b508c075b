-- The stored form of a fact that is passed as JSON. The text is concatenated, not decoded, because cjson would turn
-- empty lists into objects.
local function storedFact(pos, now, fact)
  return '{"v":' .. writtenVersion .. ',"pos":' .. pos .. ',"at":' .. now .. ',' .. string.sub(fact, 2)
end

-- Records a fact under the task's next number. Returns this number and the length of the log.
local function record(head, log, now, fact)
  local pos = redis.call('HINCRBY', head, 'pos', 1)
  return pos, redis.call('RPUSH', log, storedFact(pos, now, fact))
end
