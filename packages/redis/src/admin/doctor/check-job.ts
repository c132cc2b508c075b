import type { Redis } from 'ioredis'
import { taskKeys } from '../../connection/keys.ts'
import { loadScript, runScript } from '../../connection/script.ts'
import { parseJobId } from '../../lifecycle/maintenance.ts'
import { jobId } from '@longhaul/core'

const scripts = {
  checkJob: loadScript('admin/check-job'),
  expireLease: loadScript('turn/expire-lease'),
}

type Options = { mend: boolean; now: number | ''; seen?: boolean }

/**
 * Whether a job is where it should be, if it should be anywhere. With `seen` the lists of the queue are not searched: a
 * job that exists is taken to be in one of them.
 */
export async function checkJob(
  redis: Redis,
  id: string,
  { mend, now, seen = false }: Options,
): Promise<'missing' | 'orphaned' | ''> {
  const job = parseJobId(id)
  if (job === undefined) return ''
  const { head, shard } = taskKeys(job.taskId)
  const key = shard.queue + id
  return (await runScript(
    redis,
    scripts.checkJob,
    [head, shard.outbox, key, `${key}:lock`, ...shard.addJob],
    [now, id, mend ? '1' : '', shard.queue, JSON.stringify(job), seen ? '1' : ''],
  )) as 'missing' | 'orphaned' | ''
}

/** How long until a lost job is looked for, milliseconds. */
const again = 5_000

/** Takes a turn from a worker whose lease has run out, so that another one can have it at once. */
export async function takeLease(redis: Redis, id: string, options: Options): Promise<void> {
  const job = parseJobId(id)
  if (job === undefined) return
  const { head, shard } = taskKeys(job.taskId)
  const segment = job.segment + 1
  const next = jobId(job.taskId, job.turn, segment)
  const taken = await runScript(
    redis,
    scripts.expireLease,
    [head, shard.outbox, shard.leases],
    [options.now, id, next, segment, again],
  )
  if (taken !== 1) return
  // The new segment gets its job, and that of the old one is of no use.
  for (const each of [next, id]) await checkJob(redis, each, { ...options, mend: true })
}
