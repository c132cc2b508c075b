-- A fact, given as JSON, as the log has it.
-- Its text is spliced, not decoded: cjson would turn its empty lists into objects.
local function storedFact(pos, now, fact)
  return '{"v":' .. writtenVersion .. ',"pos":' .. pos .. ',"at":' .. now .. ',' .. string.sub(fact, 2)
end

-- Records a fact under the task's next number; returns it and the log's length.
local function record(head, log, now, fact)
  local pos = redis.call('HINCRBY', head, 'pos', 1)
  return pos, redis.call('RPUSH', log, storedFact(pos, now, fact))
end
