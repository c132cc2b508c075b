-- Counts the parked turns and the bytes of a workspace's tasks again, a part of them at a time. Scripts that change the
-- counts in the meantime change the sums of the recount, too. The bytes of a task that ended in an earlier version, which
-- did not count them, are counted here.
do
  local last, bytes, parked = string.match(repair and state.recount or '', '^(%S+) (%S+) (%S+)$')
  bytes, parked = tonumber(bytes or 0), tonumber(parked or 0)
  local tasks = redis.call('ZRANGEBYLEX', taskIndexOf(workspace), last and '(' .. last or '-', '+', 'LIMIT', 0, tasksChecked)
  for _, task in ipairs(tasks) do
    local head = headOf(task)
    local status, stored, counted = unpack(redis.call('HMGET', head, 'status', 'bytes', 'bytes-counted'))
    if repair and stored and stored ~= counted and hasEnded(status) then
      redis.call('HSET', head, 'bytes-counted', stored)
      state.bytes = state.bytes + stored - (counted or 0)
      redis.call('HSET', state.key, 'bytes', string.format('%.0f', state.bytes))
      counted = stored
    end
    bytes = bytes + (counted or 0)
    if status == 'parked' then parked = parked + 1 end
  end
  local isWhole = #tasks < tasksChecked
  if isWhole and (bytes ~= state.bytes or parked ~= state.parked) then
    faults[#faults + 1] = 'count'
    if repair then redis.call('HSET', state.key, 'bytes', string.format('%.0f', bytes), 'parked', parked) end
  end
  if repair and isWhole and last then redis.call('HDEL', state.key, 'recount') end
  if repair and not isWhole then
    redis.call('HSET', state.key, 'recount', string.format('%s %.0f %d', tasks[#tasks], bytes, parked))
  end
end
