-- Gives up the parts that were being streamed, the head's `open`: they never get their part.finished.
if open then
  record(head, log, now, '{"type":"parts.abandoned","parts":' .. open .. '}')
  redis.call('HDEL', head, 'open')
end
