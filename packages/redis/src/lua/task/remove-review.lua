--[[ Removes a task from those with calls to review, if it has recorded nothing since.
  Returns 1 removed, 0 not. ]]
if redis.call('LLEN', log) ~= folded then return 0 end
return redis.call('ZREM', reviews, review)
