--[[ Keeps a plan for a time from now on, unless it is kept for longer, and stores it when it is missing.
  KEYS 1 plan
  ARGV 1 ms  2 the plan as JSON, or '' to store nothing
  Returns 1 when the plan is there now, else 0. ]]
local left = redis.call('PTTL', KEYS[1])
if left == -2 then
  if ARGV[2] == '' then return 0 end
  redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[1])
  return 1
end
-- -1: an older version has stored it without an end.
if left < tonumber(ARGV[1]) then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return 1
