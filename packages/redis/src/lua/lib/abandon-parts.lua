-- Abandons the parts that were being streamed, the head's `open`. They never get a part.finished.
if open then
  record(head, log, now, '{"type":"parts.abandoned","parts":' .. open .. '}')
  redis.call('HDEL', head, 'open')
end
