-- Counts the facts of a write, of which `recorded` are recorded next, and marks the write as recorded.
local bytes, added = tonumber(storedBytes), {}
for fact in facts() do
  bytes = bytes + #fact
  added[#added + 1] = fact
end
for _, value in blobs() do bytes = bytes + #value end
local unheld = tonumber(storedUnheld or 0) + notFoldedBytes
-- A turn that makes progress does not crash its workers.
redis.call('HSET', head, 'ordinal', ordinal, 'deaths', 0, 'bytes', bytes, 'pos', lastPos + recorded)
if notFoldedBytes ~= 0 then redis.call('HSET', head, 'unheld', unheld) end
