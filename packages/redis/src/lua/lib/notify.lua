-- The fields of notifications that a script adds as one entry at its end; nil while each is added at once.
local gathered

-- Notifies the watchers of a task. Notifications are numbered without gaps, so that a reader detects a missed one.
local function notify(stream, task, pos, kind)
  if gathered then
    for _, value in ipairs({ 't', task, 'p', pos, 'k', kind }) do gathered[#gathered + 1] = value end
  else
    redis.call('XADD', stream, 'MAXLEN', '~', notificationsKept, '0-*', 't', task, 'p', pos, 'k', kind)
  end
end
