-- Compares a submit with the limits of its workspace, and changes nothing. Limits in the state of the workspace come
-- before those of the environment. Sets `refusals` to the names of the limits that refuse the submit, `waitMs` to the time
-- until the rate of requests admits one, and `quota` to a text:
-- '<requests per second> <burst> <ms ahead of the rate> <limit of queued turns> <queued turns> <shards>', each '-' if it is
-- absent.
local refusals, waitMs, quota, requestsTime = {}, 0, '', nil
if isLimited then
  local state = readState(workspace, { 'requests', 'queued', 'limit:requests_per_second', 'limit:burst', 'limit:queued',
    'limit:tasks', 'limit:bytes' })
  local fields, shards = state.more, state.shards
  local function limit(name, usual) return partOf(state, fields['limit:' .. name] or usual) end
  local perSecond = tonumber(fields['limit:requests_per_second']) or requestsPerSecond
  perSecond = perSecond and perSecond / shards
  local most, mostTasks, mostBytes = limit('queued', queuedLimit), limit('tasks', tasksLimit), limit('bytes', bytesLimit)
  local size, ahead, waiting = nil, nil, tonumber(fields.queued or 0)
  if perSecond then
    -- Each request adds an interval to a time, which may be ahead of now by the whole burst.
    local interval = 1000 / perSecond
    size = limit('burst', burst) or math.max(1, math.ceil(perSecond))
    ahead = math.min(math.max(0, (tonumber(fields.requests) or 0) - now), size * interval)
    waitMs = ahead + interval - size * interval
    if waitMs > 0.002 then
      refusals[#refusals + 1] = 'requests'
    else
      waitMs, ahead = 0, ahead + interval
      requestsTime = string.format('%.3f', now + ahead)
    end
  end
  if most and waiting >= most then refusals[#refusals + 1] = 'queued' end
  if mostTasks and after == 0 and redis.call('ZCARD', workspaceTasks) >= mostTasks then
    refusals[#refusals + 1] = 'tasks'
  end
  if mostBytes and state.bytes + addedBytes > mostBytes then refusals[#refusals + 1] = 'bytes' end
  if #refusals == 0 then
    waiting = waiting + 1
  elseif requestsTime then
    -- A request that another limit refuses is not counted.
    ahead = ahead - 1000 / perSecond
  end
  quota = (perSecond or '-') .. ' ' .. (size or '-') .. ' ' .. (ahead and string.format('%.3f', ahead) or '-') .. ' ' ..
    (most and string.format('%.0f', most) or '-') .. ' ' .. string.format('%.0f', waiting) .. ' ' .. shards
end
