#!lua flags=allow-oom
--[[ Compares a job of the queue with the task that it names, atomically, and repairs differences. With `isListed`, the
  lists of the queue are not searched: a job that exists is presumed to be in one of them.
  Returns 'missing' when a queued turn has no job that a worker could take, 'orphaned' when no turn needs a waiting
  job, else ''. A job that a worker holds is not changed. ]]
local function removeJob()
  for _, list in ipairs({ queueWait, queuePaused, queueActive }) do redis.call('LREM', list, 0, job) end
  redis.call('ZREM', queueDelayed, job)
  redis.call('DEL', jobKey)
end

local status, liveJob, version = unpack(redis.call('HMGET', head, 'status', 'job', 'v'))
if version and tonumber(version) > writtenVersion or redis.call('EXISTS', jobLock) == 1 then return '' end
local function isInQueue()
  return redis.call('ZSCORE', queueDelayed, job) or redis.call('LPOS', queueActive, job)
    or redis.call('LPOS', queueWait, job) or redis.call('LPOS', queuePaused, job)
end

if liveJob == job and (status == 'queued' or status == 'running') then
  if status ~= 'queued' or not redis.call('ZSCORE', outbox, job) then return '' end
  if redis.call('EXISTS', jobKey) == 1 and (isListed or isInQueue()) then return '' end
  if repair then
    removeJob()
    -- @include now
    local at, newJob, jobData = string.format('%.0f', now), job, data
    -- @include add-job
  end
  return 'missing'
end
if not isInQueue() then return '' end
if repair then removeJob() end
return 'orphaned'
