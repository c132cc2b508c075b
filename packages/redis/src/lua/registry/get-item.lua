--[[ Reads a version of an item, if it is small.
  KEYS 1 item
  ARGV 1 version, or '' for the newest  2 bytes of a value that is small
  Returns { field, value }, or { field } when the value is larger, or nothing when there is none. ]]
local field = ARGV[1]
if field == '' or redis.call('HGET', KEYS[1], 'version') == field then field = 'latest' end
local size = redis.call('HSTRLEN', KEYS[1], field)
if size == 0 then return nil end
if size > tonumber(ARGV[2]) then return { field } end
return { field, redis.call('HGET', KEYS[1], field) }
