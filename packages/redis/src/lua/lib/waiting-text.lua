-- When the latest pause of the shard ended. `claimNext` sets it.
local shardResumedAt = 0

-- The latest time at which a limit or a pause may have held up the turns of a lane.
local function heldUntil(state, key) return math.max(state.resumedAt, shardResumedAt, state.fullAt, state.isKeyed and laneOf(state, key).fullAt or 0) end

-- @late
-- Why a queued turn has waited, as the text that this adds to the fact of its claim: each reason with the time until
-- which it applied, at the latest. What is left of the time, the turn has waited for a worker. `turn` has the fields
-- `startTime` and `rate` of its head, whether its latest worker died or lost it, and whether it had none. It was
-- submitted at `since`.
local function waitedText(state, key, since, turn)
  -- Without fairness keys, both limits apply to the workspace.
  local isOfKey = not state.isKeyed and state.keyLimit < state.limit
  local rateKind, rateUntil
  if turn.rate then rateKind, rateUntil = string.match(turn.rate, '"kind":"([%w_]+)","until":(%d+)') end
  local times = { 'start_at', turn.startTime or 0, 'paused', math.max(state.resumedAt, shardResumedAt),
    isOfKey and 'fairness_key_running' or 'workspace_running', state.fullAt,
    'fairness_key_running', state.isKeyed and laneOf(state, key).fullAt or 0,
    rateKind or '', rateUntil or 0, 'repair', turn.isLost and now or 0 }
  local reasons = {}
  for at = 1, #times, 2 do
    local time = tonumber(times[at + 1])
    if time > since then
      reasons[#reasons + 1] = '{"for":"' .. times[at] .. '","until":' .. string.format('%d', time) .. '}'
    end
  end
  if #reasons == 0 and turn.isFirst then return '' end
  return ',"waited":[' .. table.concat(reasons, ',') .. ']'
end
-- @end
