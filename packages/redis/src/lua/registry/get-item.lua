--[[ Reads a version of an item, or the newest one for '', if it has at most `maxBytes`.
  Returns { field, value }, or { field } when the value is larger, or nil when it does not exist. ]]
local field = version
if field == '' or redis.call('HGET', item, 'version') == field then field = 'latest' end
local size = redis.call('HSTRLEN', item, field)
if size == 0 then return nil end
if size > maxBytes then return { field } end
return { field, redis.call('HGET', item, field) }
