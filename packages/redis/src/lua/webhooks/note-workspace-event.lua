--[[ Notes an event outside of a task.
  Returns 1 when it was noted, 0 when the workspace has no endpoint. ]]
-- @include note-event
return noteEvent(event)
