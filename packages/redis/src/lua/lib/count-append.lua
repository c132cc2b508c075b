-- Counts the facts of a write, and marks the write as recorded.
local bytes = tonumber(storedBytes)
for fact in facts() do bytes = bytes + #fact end
for _, value in blobs() do bytes = bytes + #value end
local unheld = tonumber(storedUnheld or 0) + notFoldedBytes
-- A turn that makes progress does not crash its workers.
redis.call('HSET', head, 'ordinal', ordinal, 'deaths', 0, 'bytes', bytes)
if notFoldedBytes ~= 0 then redis.call('HSET', head, 'unheld', unheld) end
