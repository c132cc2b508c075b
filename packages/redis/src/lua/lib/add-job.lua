-- Adds the job `newJob` with `jobData`, like BullMQ's `queue.add` with the options in queue.ts. `at` is the time as
-- text.
do
  -- BullMQ's script for a job without delay, priority or parent, from its package.
  local function addStandardJob(KEYS, ARGV)
-- @bullmq addStandardJob
  end
  local prefix = string.sub(queueWait, 1, -#'wait' - 1)
  local options = { attempts = 1, removeOnComplete = true, removeOnFail = true, jobId = newJob }
  addStandardJob(
    { queueWait, queuePaused, queueMeta, queueId, queueCompleted, queueDelayed, queueActive, queueEvents, queueMarker },
    { cmsgpack.pack({ prefix, newJob, 'run', at }), jobData, cmsgpack.pack(options) })
end
