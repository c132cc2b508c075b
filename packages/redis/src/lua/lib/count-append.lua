-- Counts the facts of a write, in `added`, and what the head stores with them, in `fields`: that the write is recorded,
-- and that a turn that makes progress does not crash its workers.
local bytes, added = tonumber(storedBytes), {}
for fact in facts() do
  bytes = bytes + #fact
  added[#added + 1] = fact
end
for _, value in blobs() do bytes = bytes + #value end
local unheld = tonumber(storedUnheld or 0) + notFoldedBytes
local fields = { 'ordinal', ordinal, 'deaths', 0, 'bytes', bytes }
if notFoldedBytes ~= 0 then
  fields[7], fields[8] = 'unheld', unheld
end
