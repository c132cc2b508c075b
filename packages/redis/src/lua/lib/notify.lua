-- Notifies the watchers of a task. Notifications are numbered without gaps, so that a reader detects a missed one.
local function notify(stream, task, pos, kind)
  redis.call('XADD', stream, 'MAXLEN', '~', notificationsKept, '0-*', 't', task, 'p', pos, 'k', kind)
end
