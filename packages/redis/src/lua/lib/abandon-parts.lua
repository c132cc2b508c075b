-- Abandons the parts that were being streamed, the head's `open`, before the facts in `ends`. They never get a
-- part.finished.
if open then table.insert(ends, 1, '"type":"parts.abandoned","parts":' .. open .. '}') end
