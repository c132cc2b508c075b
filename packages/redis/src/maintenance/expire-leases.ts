import { type Job, jobId } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { shardKeys, taskKeys } from '../connection/keys.ts'
import { runScript } from '../lua/run-script.ts'
import { expireLeaseScript } from '../lua/turn/expire-lease.ts'
import { parseJobId } from '../queue/job-id.ts'
import type { Batch, MaintenanceContext } from './maintenance-context.ts'
import { serveDue } from './serve-due.ts'

/** Takes turns from attempts whose leases have expired. Each turn waits for a worker again, as a new segment. */
export async function expireLeases(
  context: MaintenanceContext,
  { shard, againMs, limit }: Batch,
): Promise<{ jobs: Job[]; failures: unknown[] }> {
  const { redis, clockTime } = context
  const jobs: Job[] = []
  const { leases } = shardKeys(shard)
  const failures = await serveDue(context, { key: leases, limit }, async (id) => {
    const next = await expireLease(redis, id, { clockTime: clockTime(), lookAfterMs: againMs })
    if (next !== undefined) jobs.push(next)
  })
  return { jobs, failures }
}

/** Ends the lease of a job if it has expired. Returns the next segment if that waits now. */
export async function expireLease(
  redis: Redis,
  id: string,
  { clockTime, lookAfterMs }: { clockTime: number | ''; lookAfterMs: number },
): Promise<Job | undefined> {
  const job = parseJobId(id)
  if (job === undefined) return undefined
  const next = { ...job, segment: job.segment + 1 }
  const call = expireLeaseScript.call(taskKeys(job.taskId), {
    clockTime,
    job: id,
    nextJob: jobId(next.taskId, next.turn, next.segment),
    nextSegment: next.segment,
    lookAfterMs,
  })
  return (await runScript(redis, call)) ? next : undefined
}
