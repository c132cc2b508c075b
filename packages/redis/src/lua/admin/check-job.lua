#!lua flags=allow-oom
--[[ Compares a job of the queue with the task that it names, in one moment, and mends what does not fit.
  KEYS 1 head  2 outbox  3 the job  4 its lock  5 to 13 the queue's, as BullMQ's addStandardJob wants them
  ARGV 1 now or ''  2 job id  3 '1' to mend, '' to tell only  4 what the names of the queue's keys begin with
       5 the job's data as JSON  6 '1' when a job that exists is in a list of the queue for sure: then none is searched for it
  Returns 'missing' when a queued turn has no job that a worker could take, 'orphaned' when a job waits that no turn
  needs, else ''. A job that a worker holds is let be. ]]
-- @include record
-- @include add-job
local job, name, lock = KEYS[3], ARGV[2], KEYS[4]
local wait, paused, delayed, active = KEYS[5], KEYS[6], KEYS[10], KEYS[11]
local mends = ARGV[3] == '1'

local function takeAway()
  for _, list in ipairs({ wait, paused, active }) do redis.call('LREM', list, 0, name) end
  redis.call('ZREM', delayed, name)
  redis.call('DEL', job)
end

local has = redis.call('HMGET', KEYS[1], 'status', 'job', 'v')
if has[3] and tonumber(has[3]) > 1 or redis.call('EXISTS', lock) == 1 then return '' end
local function placed()
  return redis.call('ZSCORE', delayed, name) or redis.call('LPOS', active, name)
    or redis.call('LPOS', wait, name) or redis.call('LPOS', paused, name)
end

if has[2] == name and (has[1] == 'queued' or has[1] == 'running') then
  if has[1] ~= 'queued' or not redis.call('ZSCORE', KEYS[2], name) then return '' end
  if redis.call('EXISTS', job) == 1 and (ARGV[6] == '1' or placed()) then return '' end
  if mends then
    takeAway()
    addJob({ unpack(KEYS, 5, 13) }, ARGV[4], string.format('%.0f', clock(ARGV[1])), name, ARGV[5])
  end
  return 'missing'
end
if not placed() then return '' end
if mends then takeAway() end
return 'orphaned'
