-- Stores large values beside the log, and lists them in the head.
if blobsCount > 0 then
  local list = redis.call('HGET', head, 'blobs') or ''
  for key, value in blobs() do
    if redis.call('SET', key, value, 'NX') then list = list .. ' ' .. string.match(key, '[^:]+$') end
  end
  redis.call('HSET', head, 'blobs', list)
end
