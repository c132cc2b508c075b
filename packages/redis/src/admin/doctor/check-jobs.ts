import type { Finding } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { shardKeys } from '../../connection/keys.ts'
import { guarded } from '../../connection/unavailable.ts'
import { parseJobId } from '../../queue/job-id.ts'
import { checkJob, takeLease } from './check-job.ts'
import { fewAtOnce } from './few-at-once.ts'
import { findingOf } from './findings.ts'
import type { PartPage } from './parts.ts'

/**
 * Between two steps of another process, keys are inconsistent for a moment: for example, a turn was taken from a dead
 * worker and its job is not added yet. A finding must therefore still exist after this long, milliseconds.
 */
const recheckMs = 300

type Context = {
  redis: Redis
  repair: boolean
  now: () => number | ''
  time: () => Promise<number>
  shard: number
  pause: (ms: number) => Promise<unknown>
  queued: (shard: number) => Promise<Set<string>>
}

/** Checks the jobs and the leases of a page, now and a moment later. */
export async function checkJobs(
  { wanted, jobs, leases }: PartPage,
  { redis, repair, now, time, shard, pause, queued }: Context,
): Promise<Finding[]> {
  const inQueue = wanted.length === 0 ? new Set<string>() : await queued(shard)
  const suspects = [
    ...(await findFaults(jobs, { seen: true })),
    ...(await findFaults(
      wanted.filter((id) => inQueue.has(id)),
      { seen: true },
    )),
    ...(await findFaults(wanted.filter((id) => !inQueue.has(id)))),
  ]
  const expired = await expiredOf(leases)
  if (suspects.length + expired.length === 0) return []
  await pause(recheckMs)
  const still = await findFaults(
    suspects.map(({ id }) => id),
    { repair },
  )
  const stillExpired = await expiredOf(expired)
  if (repair) for (const id of stillExpired) await takeLease(redis, id, { repair, now: now() })
  return [
    ...still.map(({ id, fault }) =>
      findingOf(fault === 'missing' ? 'job-missing' : 'job-orphaned', parseJobId(id)?.taskId ?? id),
    ),
    ...stillExpired.map((id) => findingOf('lease-expired', parseJobId(id)?.taskId ?? id)),
  ]

  async function findFaults(ids: string[], options: { repair?: boolean; seen?: boolean } = {}) {
    const found = await fewAtOnce(ids, (id) =>
      checkJob(redis, id, { repair: false, now: now(), ...options }),
    )
    return ids.flatMap((id, at) => ({ id, fault: found[at] ?? '' })).filter(({ fault }) => fault)
  }

  async function expiredOf(ids: string[]): Promise<string[]> {
    if (ids.length === 0) return []
    const at = await time()
    const scores = await guarded(() => redis.zmscore(shardKeys(shard).leases, ...ids))
    return ids.filter((_, index) => {
      const till = scores[index]
      return till != null && Number(till) <= at
    })
  }
}
