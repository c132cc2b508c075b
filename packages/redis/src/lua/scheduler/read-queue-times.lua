--[[ Reads how long the turns have waited that start next: those of the workspaces from place `offset` of the ring on,
  `count` of them, and of each up to `lanesRead` of its fairness keys. Changes nothing.
  Returns { number of members of the ring that were read, a list of { workspace, key, ms } }, with the lanes whose next turn
  has waited for `longerThanMs`. The key is '*' where that is true of all keys that were read and there may be more. ]]
-- @include now
-- When the turn began to wait: at its latest fact, unless it was parked until later or starts later.
local function waitedOf(job)
  local task = string.sub(job, 6, 31)
  local latest = redis.call('LINDEX', logOf(task), -1) or ''
  local at, type = string.match(latest, '^{"v":%d+,"pos":%d+,"at":(%d+),"type":"([^"]*)"')
  local since = tonumber(at or now)
  if type == 'turn.parked' then since = math.max(since, tonumber(string.match(latest, '"until":(%d+)') or 0)) end
  return now - math.max(since, tonumber(redis.call('HGET', headOf(task), 'start-at') or 0))
end

local rows = {}
local function readLane(workspace, key)
  local job = redis.call('ZRANGE', backlogOf(workspace, key), 0, 0)[1]
  local ms = job and waitedOf(job) or 0
  if ms <= longerThanMs then return false end
  rows[#rows + 1] = { workspace, key, string.format('%.0f', ms) }
  return true
end

-- Turns of a paused shard wait for the end of the pause.
if redis.call('ZSCORE', ring, '!paused') then return { 0, {} } end
local members = redis.call('ZRANGE', ring, offset, offset + count - 1)
for _, member in ipairs(members) do
  if string.sub(member, 1, 1) ~= '!' then
    local workspace = string.sub(member, 17)
    if redis.call('HEXISTS', workspaceStateOf(workspace), 'keyed') == 0 then
      readLane(workspace, '')
    else
      local keys = redis.call('ZRANGE', keyRingOf(workspace), 0, lanesRead - 1)
      local isEach = #keys == lanesRead
      for _, key in ipairs(keys) do
        if not readLane(workspace, string.sub(key, 17)) then isEach = false end
      end
      if isEach then rows[#rows + 1] = { workspace, '*', rows[#rows][3] } end
    end
  end
end
return { #members, rows }
