-- @late
local function messageOf(failure) return type(failure) == 'table' and failure.err or tostring(failure) end

-- Whether Redis refused a write: the turn is not the reason.
local function isRefusal(failure)
  local code = string.match(messageOf(failure), '^%u+')
  return code == 'OOM' or code == 'READONLY' or code == 'MISCONF' or code == 'NOREPLICAS'
end
-- @end
