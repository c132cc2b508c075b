-- Counts the facts of a write, in `added`, and what the head stores with them, in `fields`: that the write is recorded,
-- and that a turn that makes progress does not crash its workers. The script has read `storedBytes`, `storedUnheld` and
-- `crashes`, which are `bytes`, `unheld` and `deaths` of the head.
local bytes, added = tonumber(storedBytes), {}
for fact in facts() do
  bytes = bytes + #fact + (string.byte(fact) == 43 and 0 or 1)
  added[#added + 1] = fact
end
for _, value in blobs() do bytes = bytes + #value end
local unheld = tonumber(storedUnheld or 0) + notFoldedBytes
-- Redis converts a number more slowly.
local bytesText = string.format('%d', bytes)
local fields = { 'ordinal', textOf(ordinal), 'bytes', bytesText }
if notFoldedBytes ~= 0 then fields[5], fields[6] = 'unheld', unheld end
if crashes and crashes ~= '0' then
  fields[#fields + 1] = 'deaths'
  fields[#fields + 1] = 0
end
