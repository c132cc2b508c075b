import { jobId } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { taskKeys } from '../../connection/keys.ts'
import { checkJobScript } from '../../lua/admin/check-job.ts'
import { constants } from '../../lua/constants.ts'
import { runScript } from '../../lua/run-script.ts'
import { expireLease } from '../../maintenance/expire-leases.ts'
import { parseJobId } from '../../queue/job-id.ts'

type Options = { repair: boolean; now: number | ''; seen?: boolean }

/**
 * Checks that a job is in the queue exactly if its turn needs it. With `seen`, the lists of the queue are not searched:
 * a job that exists is presumed to be in one of them.
 */
export async function checkJob(
  redis: Redis,
  id: string,
  { repair, now, seen = false }: Options,
): Promise<'missing' | 'orphaned' | ''> {
  const job = parseJobId(id)
  if (job === undefined) return ''
  const keys = taskKeys(job.taskId)
  const jobKey = keys.queue + id
  const call = checkJobScript.call(
    { ...keys, jobKey, jobLock: `${jobKey}:lock` },
    { clockTime: now, job: id, repair, data: JSON.stringify(job), isListed: seen },
  )
  return await runScript(redis, call)
}

/** Takes a turn from a worker whose lease has expired, so that another worker can take it at once. */
export async function takeLease(redis: Redis, id: string, options: Options): Promise<void> {
  const next = await expireLease(redis, id, {
    clockTime: options.now,
    lookAfterMs: constants.jobLostAfterMs,
  })
  if (next === undefined) return
  const nextId = jobId(next.taskId, next.turn, next.segment)
  // The new segment gets its job. The job of the old segment is not needed.
  for (const jobOf of [nextId, id]) await checkJob(redis, jobOf, { ...options, repair: true })
}
