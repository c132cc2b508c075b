-- BullMQ's own script for a job without delay, priority or parent, as it comes with the package.
local function addStandardJob(KEYS, ARGV)
-- @bullmq addStandardJob
end

-- Adds a job as BullMQ's `queue.add` would, with the options that queue.ts gives it.
local function addJob(keys, prefix, at, id, data)
  local options = { attempts = 1, removeOnComplete = true, removeOnFail = true, jobId = id }
  addStandardJob(keys, { cmsgpack.pack({ prefix, id, 'run', at }), data, cmsgpack.pack(options) })
end
