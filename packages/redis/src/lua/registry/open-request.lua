#!lua
--[[ Adds a request that waits for its answer to those of the same content; or takes over an earlier one whose client has
  no answer: one that has lost its client (its process is '') or whose process is among `stopped`.
  Returns {'opened'} or {'repeat', id}; or {'served', processes} without a change, if other processes serve such requests
  and it is not known (`isChecked`) which of them have stopped. ]]
local function serve(request)
  redis.call('HSET', requests, request, process)
  redis.call('PEXPIRE', requests, keepForMs)
end
local isStopped = { [''] = true }
for name in stopped() do isStopped[name] = true end
local others = {}
if mayRepeat then
  local all = redis.call('HGETALL', requests)
  for i = 1, #all, 2 do
    local holder = all[i + 1]
    if isStopped[holder] then
      serve(all[i])
      return { 'repeat', all[i] }
    end
    if holder ~= process then others[#others + 1] = holder end
  end
end
if #others > 0 and not isChecked then return { 'served', others } end
serve(id)
return { 'opened' }
