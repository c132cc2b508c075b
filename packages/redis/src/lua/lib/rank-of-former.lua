-- A turn of an earlier version has no rank yet. It stands where a turn of the usual priority would.
rank = rank or string.format('%.0f', tonumber(string.match(started or '', '"at":(%d+)') or now) + usualPriorityDelayMs)
