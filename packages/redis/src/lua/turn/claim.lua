--[[ Claims a queued turn by its name: for a process that runs it alone, or for a worker that has made room for its log.
  Returns one of:
  { 'claimed', task, turn, attempt, epoch, cancel requested 0|1, facts, workspace, crashes, log length, log bytes, deadline or
  '', 1 when the log is too large for this reply, crashes alone, bytes to hold, rates of the workspace or '', what the
  turn has waited for or '' };
  { 'suspect', task, turn, workspace, crashes, crashes alone, ms since the last } when only a separate process may have
  the turn;
  { 'large', task, turn, bytes to hold, workspace }; nothing is changed;
  { 'gone' } when the turn cannot be claimed now.
  Only the last fact of a log that is too large is checked.
  A crash is an attempt without a release and without a later fact, whose process is silent now, while Redis was
  available all the time. When the crashes alone exceed `condemningAlone`, no facts are returned, because they may be
  the cause.
  The same attempt gets the same reply again. ]]
-- @include deadline-members
-- @include log
-- @include notify
-- @include crashes
-- @include now
-- @include ring
-- @include claim
local job, liveTurn = unpack(redis.call('HMGET', headOf(taskId), 'job', 'turn'))
if not job or liveTurn ~= turn then return { 'gone' } end
return (claimTurn(job, false)) or { 'gone' }
