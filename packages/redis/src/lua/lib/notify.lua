-- Notifies the watchers. Notifications are numbered without a gap, so that a reader sees when it missed one.
local function notify(stream, task, pos, kind)
  redis.call('XADD', stream, 'MAXLEN', '~', notificationsKept, '0-*', 't', task, 'p', pos, 'k', kind)
end
