#!lua flags=allow-oom
--[[ Marks a namespace with an installation's id, unless another installation owns it. The id is '' for an installation
  without one. With `mayTakeFree`, a released namespace is taken.
  Returns the current mark, or ''. ]]
local mark = redis.call('GET', installationMark)
if mark == 'free' and mayTakeFree then
  redis.call('DEL', installationMark)
  mark = false
end
if mark then return mark end
if installation ~= '' then redis.call('SET', installationMark, installation) end
return installation
