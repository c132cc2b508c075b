-- The stored form of a fact that is passed as JSON. The text is concatenated, not decoded, because cjson would turn
-- empty lists into objects.
local function storedFact(pos, now, fact) return factStart .. pos .. ',"at":' .. now .. ',' .. string.sub(fact, 2) end

-- Records a fact under the task's next number. Returns this number and the length of the log.
local function record(head, log, now, fact)
  local pos = redis.call('HINCRBY', head, 'pos', 1)
  return pos, redis.call('RPUSH', log, storedFact(pos, now, fact))
end

-- Records facts under the numbers after `lastPos`, which the caller stores in the head. Returns the last number and the
-- length of the log. The facts come without their first brace; one that begins with `+` takes the second of two numbers.
local function recordAll(log, lastPos, now, facts)
  local pos, length = tonumber(lastPos), 0
  for at, fact in ipairs(facts) do
    local takesTwo = string.byte(fact) == 43
    pos = pos + (takesTwo and 2 or 1)
    facts[at] = factStart .. textOf(pos) .. ',"at":' .. now .. ',' .. (takesTwo and string.sub(fact, 2) or fact)
  end
  -- A call of Lua has a limited number of arguments.
  for first = 1, #facts, 1000 do
    length = redis.call('RPUSH', log, unpack(facts, first, math.min(first + 999, #facts)))
  end
  return pos, length
end
