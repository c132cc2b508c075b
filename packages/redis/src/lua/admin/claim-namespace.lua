#!lua flags=allow-oom
--[[ Marks a namespace as an installation's, unless it is another's. The installation is '' when it has no id. With
  `mayTakeFree` a mark that was set free may be taken.
  Returns the mark that holds, or ''. ]]
local mark = redis.call('GET', installationMark)
if mark == 'free' and mayTakeFree then
  redis.call('DEL', installationMark)
  mark = false
end
if mark then return mark end
if installation ~= '' then redis.call('SET', installationMark, installation) end
return installation
