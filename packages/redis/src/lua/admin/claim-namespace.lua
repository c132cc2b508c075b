#!lua flags=allow-oom
--[[ Marks a namespace as an installation's, unless it is another's.
  KEYS 1 the mark
  ARGV 1 the installation, or '' for one without an id  2 '1' when a mark that was set free may be taken
  Returns the mark that holds, or '' ]]
local mark = redis.call('GET', KEYS[1])
if mark == 'free' and ARGV[2] == '1' then
  redis.call('DEL', KEYS[1])
  mark = false
end
if mark then return mark end
if ARGV[1] ~= '' then redis.call('SET', KEYS[1], ARGV[1]) end
return ARGV[1]
