--[[ Records a decision of an attempt that ends or parks its turn, and then claims the next turn for the slot, if there
  is a slot.
  Returns { 'ok', log length, last pos, now, cancel requested 0|1, log bytes, bytes to hold, 1 when the end must be
  propagated to the parent or the children, 1 when a ticket must be added, reply of `claim-next.lua` or '' }, { 'stale', cancel requested 0|1 } when the log has changed since the
  decision was made, { 'fenced' } when the attempt does not hold the turn, or the log has lost a fact that the attempt
  has seen.
  Idempotent: the same ordinal again changes nothing and returns 'ok', with the same next turn. ]]
-- @include deadline-members
-- @include log
-- @include notify
-- @include cancel-children
-- @include last-seen
-- @include crashes
-- @include now
-- @include ring
-- @include startable
local done, hasLinks = nil, 0
-- The end and the next start are one entry, and change their workspaces once.
if slot ~= '' then gathered, isGathering = {}, true end
do
  local head, log, deltas, attempt = headOf(taskId), logOf(taskId), deltasOf(taskId), endingAttempt
  local status, cancel, job, open, keptMs, parent, children, workspace, key, since, held, lastPos, holder, lastOrdinal,
    storedBytes, storedUnheld, bytesCounted, crashes, own, isAwaited, softDeleted, agent = unpack(redis.call('HMGET', head, 'status', 'cancel', 'job',
      'open', 'keep', 'parent', 'children', 'ws', 'fk', 'since', 'held', 'pos', 'attempt', 'ordinal', 'bytes', 'unheld',
      'bytes-counted', 'deaths', 'own', 'waits', 'hidden', 'agent'))
  -- Only a queued turn needs these.
  local version, expires
  if holder ~= attempt then return { 'fenced' } end
  local cancelRequested = cancel and 1 or 0
  if tonumber(lastOrdinal) >= ordinal then
    local bytes = tonumber(storedBytes)
    done = { 'ok', redis.call('LLEN', log), lastPos, now, cancelRequested, bytes,
      bytes - tonumber(storedUnheld or 0) }
  else
    if status ~= 'running' then return { 'fenced' } end
    if not knowsAll(lastSeen, own, lastPos, folded) then
      local isKnown, hasMore = compareLog(log, lastSeen, folded)
      if not isKnown then return { 'fenced' } end
      if hasMore then return { 'stale', cancelRequested } end
    end
    -- @include count-append
    -- @include store-blobs
    local pos, length
    if decision == 'parked' then
      pos, length = recordAll(log, lastPos, string.format('%d', now), added)
      redis.call('HSET', head, 'status', 'parked', 'pos', pos, 'bytes-counted', bytes, unpack(fields))
      if parkedFor ~= '' then redis.call('HSET', head, 'wait', parkedFor) end
      redis.call('HDEL', head, 'by')
      redis.call('ZREM', leases, job)
      freeSlot(job, workspace, key or '', since, 1, bytes - (bytesCounted or 0))
      redis.call('ZADD', deadlines, parkedUntil, wakeOf(job))
      notify(wake, taskId, pos, 'fact')
    else
      local ends, endStatus = added, decision
      storedBytes = bytesText
      if not closesParts then
        -- @include abandon-parts
      end
      if gathered and isAwaited and not softDeleted and blobsCount == 0 and #result <= announcedBytes then
        -- The process that waits need not read the task then. Readers of earlier versions find no task of this name.
        gathered = { 't', job, 'p', result, 'k', 'result' }
      end
      -- @include finish
    end
    done = { 'ok', length, pos, now, cancelRequested, bytes, bytes - unheld }
  end
end

if slot == '' then
  done[8], done[9], done[10] = hasLinks, wantsTicket(), ''
  return done
end
-- @include claim
-- @include refusal
-- @include due
-- @include claim-next
-- The end is recorded, whatever happens to the claim.
local ok, claimed, mayAsk = pcall(claimNext)
storeStates()
if gathered[1] then redis.call('XADD', wake, 'MAXLEN', '~', notificationsKept, '0-*', unpack(gathered)) end
if ok and not claimed.err then
  done[8], done[9], done[10] = hasLinks, mayAsk and wantsTicket() or 0, claimed
else
  done[8], done[9], done[10] = hasLinks, 1, { 'failed', messageOf(claimed) }
end
return done
