-- Compares a submit with the limits of its workspace, and changes nothing. Limits in the state of the workspace come
-- before those of the environment. Sets `refusals` to the names of the limits that refuse the submit, `waitMs` to the time
-- until the rate of requests admits one, and `quota` to a text:
-- '<requests per second> <burst> <ms ahead of the rate> <limit of queued turns> <queued turns> <shards>', each '-' if it is
-- absent. Sets `isOneLane` when it knows that the workspace has neither fairness keys nor classes of models.
local refusals, waitMs, quota, requestsTime, isOneLane = {}, 0, '', nil, false
if limits ~= '' then
  local storedQueued, isKeyed, classes, spread, requests, ownPerSecond, ownBurst, ownQueued, ownTasks, ownBytes, kept =
    unpack(redis.call('HMGET', workspaceStateOf(workspace), 'queued', 'keyed', 'classes', 'limit:spread', 'requests',
      'limit:requests_per_second', 'limit:burst', 'limit:queued', 'limit:tasks', 'limit:bytes', 'bytes'))
  local usualPerSecond, usualBurst, usualQueued, usualTasks, usualBytes =
    string.match(limits, '^(%S+) (%S+) (%S+) (%S+) (%S+)$')
  local state = { shards = shardsFor(spread) }
  isOneLane = not isKeyed and not classes
  local perSecond = tonumber(ownPerSecond or usualPerSecond)
  perSecond = perSecond and perSecond / state.shards
  local most, mostTasks = partOf(state, ownQueued or usualQueued), partOf(state, ownTasks or usualTasks)
  local mostBytes = partOf(state, ownBytes or usualBytes)
  local size, ahead, waiting = nil, nil, tonumber(storedQueued or 0)
  if perSecond then
    -- Each request adds an interval to a time, which may be ahead of now by the whole burst.
    local interval = 1000 / perSecond
    size = partOf(state, ownBurst or usualBurst) or math.max(1, math.ceil(perSecond))
    ahead = math.min(math.max(0, (tonumber(requests) or 0) - now), size * interval)
    waitMs = ahead + interval - size * interval
    if waitMs > 0.002 then
      refusals[#refusals + 1] = 'requests'
    else
      waitMs, ahead = 0, ahead + interval
      requestsTime = string.format('%.3f', now + ahead)
    end
  end
  if most and waiting >= most then refusals[#refusals + 1] = 'queued' end
  if mostTasks and after == 0 and redis.call('ZCARD', taskIndexOf(workspace)) >= mostTasks then
    refusals[#refusals + 1] = 'tasks'
  end
  if mostBytes and tonumber(kept or 0) + addedBytes > mostBytes then refusals[#refusals + 1] = 'bytes' end
  if #refusals == 0 then
    waiting = waiting + 1
  elseif requestsTime then
    -- A request that another limit refuses is not counted.
    ahead = ahead - 1000 / perSecond
  end
  quota = string.format('%s %s %s %s %d %d', perSecond or '-', size or '-', ahead and string.format('%.3f', ahead) or '-',
    most and string.format('%d', most) or '-', waiting, state.shards)
end
