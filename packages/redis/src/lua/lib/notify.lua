-- The fields of notifications that a script adds as one entry at its end; nil while each is added at once.
local gathered

-- Notifies the watchers of a task. Notifications are numbered without gaps, so that a reader detects a missed one.
local function notify(stream, task, pos, kind)
  if gathered then
    local at = #gathered
    gathered[at + 1], gathered[at + 2], gathered[at + 3] = 't', task, 'p'
    gathered[at + 4], gathered[at + 5], gathered[at + 6] = textOf(pos), 'k', kind
  else
    redis.call('XADD', stream, 'MAXLEN', '~', notificationsKept, '0-*', 't', task, 'p', textOf(pos), 'k', kind)
  end
end
