--[[ Checks that a schedule is in the set of due schedules if and only if it exists and waits for something, and that an
  index lists it only if it exists. With `repair`, corrects that.
  Returns the faults. ]]
-- @include now
local faults = {}
local stored = redis.call('HGET', schedule, 'state')
local dueAt = redis.call('ZSCORE', dueSchedules, id)
if not stored then
  if dueAt or redis.call('ZSCORE', schedulesOfWorkspace, id) then
    faults[1] = 'schedule-stray'
    if repair then
      redis.call('ZREM', dueSchedules, id)
      redis.call('ZREM', schedulesOfWorkspace, id)
    end
  end
  return faults
end
local state = cjson.decode(stored)
local waits = (state.isActive and state.next) or state.firing or #state.waiting > 0
if waits and not dueAt then
  faults[1] = 'schedule-missing'
  if repair then redis.call('ZADD', dueSchedules, now, id) end
end
return faults
