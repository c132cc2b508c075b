--[[ Claims the turn that should start now, for a slot of a worker.
  Returns { 1 when a ticket must be added, reply }. The reply is that of `claim.lua`, or { 'none' } when nothing can
  start, or { 'lost' } when the turn that this attempt once got is no longer its own.
  Idempotent: a repetition gets the same turn, and never a second one. ]]
-- @include deadline-members
-- @include log
-- @include notify
-- @include crashes
-- @include now
-- @include ring
-- @include startable
-- @include claim
-- @include refusal
-- @include due
-- @include claim-next
local reply, mayAsk = claimNext()
storeStates()
if reply.err then return reply end
return { mayAsk and wantsTicket() or 0, reply }
