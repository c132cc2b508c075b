-- When the latest pause of the shard ended. `claimNext` sets it.
local shardResumedAt = 0

-- Why a queued turn has waited, as the text that this adds to the fact of its claim: each reason with the time until
-- which it applied, at the latest. What is left of the time, the turn has waited for a worker. `turn` has the fields
-- `started`, `startTime` and `rate` of its head, whether its latest worker died or lost it, and whether it had none.
local function waitedText(state, key, turn)
  local since = tonumber(string.match(turn.started or '', '^{"at":(%d+)')) or now
  local reasons = {}
  local function add(kind, untilTime)
    if untilTime and untilTime > since then
      reasons[#reasons + 1] = '{"for":"' .. kind .. '","until":' .. string.format('%.0f', untilTime) .. '}'
    end
  end
  add('start_at', tonumber(turn.startTime))
  add('paused', math.max(state.resumedAt, shardResumedAt))
  -- Without fairness keys, both limits apply to the workspace.
  local isOfKey = not state.isKeyed and state.keyLimit < state.limit
  add(isOfKey and 'fairness_key_running' or 'workspace_running', state.fullAt)
  if state.isKeyed then add('fairness_key_running', laneOf(state, key).fullAt) end
  local rateKind, rateUntil = string.match(turn.rate or '', '"kind":"([%w_]+)","until":(%d+)')
  if rateKind then add(rateKind, tonumber(rateUntil)) end
  if turn.isLost then add('repair', now) end
  if #reasons == 0 and turn.isFirst then return '' end
  return ',"waited":[' .. table.concat(reasons, ',') .. ']'
end
