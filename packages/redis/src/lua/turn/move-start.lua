--[[ Moves the start of a turn that waits for it: to a time, to so many milliseconds from now, or to now when that is
  past. Its deadline and its expiry move with it.
  Returns { 'moved', ms until the start, 1 when a ticket must be added }, { 'begun' } when the turn no longer waits for its
  start, { 'ended' }, or { 'not_found' }. ]]
-- @include deadline-members
-- @include now
-- @include ring
-- @include startable
local status, job, liveTurn, start, workspace, key, rank, expires, class =
  unpack(redis.call('HMGET', head, 'status', 'job', 'turn', 'start-at', 'ws', 'fk', 'rank', 'expires', 'class'))
if not status or status == 'forgotten' then return { 'not_found' } end
if liveTurn ~= turn or not isLive(status) then return { 'ended' } end
local isExpired = expires and tonumber(expires) <= now
if status ~= 'queued' or not start or isExpired or not redis.call('ZSCORE', dueOf(), job) then return { 'begun' } end

local moved = math.max(now, startInMs and now + startInMs or startAt or now)
local later = moved - start
local function shifted(time) return string.format('%.0f', time + later) end
-- The command that a full Redis refuses comes first.
redis.call('HSET', head, 'start-at', shifted(start), 'rank', shifted(rank))
local deadline = redis.call('ZSCORE', deadlines, deadlineOf(job))
if deadline then redis.call('ZADD', deadlines, shifted(deadline), deadlineOf(job)) end
if expires then
  redis.call('HSET', head, 'expires', shifted(expires))
  redis.call('ZADD', expiriesOf(), shifted(expires), job)
end
if moved > now then
  delayTurn(job, moved)
else
  queueTurn(job, workspace, key or '', shifted(rank), class or nil)
  redis.call('ZREM', dueOf(), job)
  markDue()
end
return { 'moved', moved - now, wantsTicket() }
