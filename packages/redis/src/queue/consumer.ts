import type { Job } from '@longhaul/core'
import { type Job as BullJob, DelayedError, WaitingError, Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import { blockSeconds } from '../connection/connect.ts'
import { shardKeys } from '../connection/keys.ts'
import { queueName } from '../connection/keys.ts'
import { countRefusal } from '../connection/unavailable.ts'

/** The outcome of a job: it is done, is delivered again after a while, or is released to another worker at once. */
export type JobOutcome = { type: 'done' } | { type: 'delay'; ms: number } | { type: 'hand-back' }

/** BullMQ's lock on a job. The code that runs the job extends it. */
export type JobLock = { extend(ms: number): Promise<boolean> }

export type Consumer = {
  /** Why the queue is not being read; undefined while it is. */
  trouble(): string | undefined
  /** Takes no new job from now on. Resolves when the last job is released or done. */
  close(): Promise<void>
}

type Options = {
  redis: Redis
  shard: number
  concurrency: number
  lockMs: number
  run: (job: Job, lock: JobLock) => Promise<JobOutcome>
  onError: (error: Error) => void
}

/**
 * The consumers' side of one shard's BullMQ queue. BullMQ does not renew its lock, because it keeps renewals per job
 * and not per attempt, and its stall counter never fails a job: leases decide which turn may run, and count crashes.
 * BullMQ's delays depend on the clocks of two processes, one of which may be wrong; therefore a job that is delivered
 * again later is held here.
 */
export function createConsumer(options: Options): Consumer {
  const { redis, shard, concurrency, lockMs, run, onError } = options
  /** Functions that release each held job at once. */
  const held = new Set<() => void>()
  let isClosing = false
  const worker = new Worker<Job>(queueName, process, {
    connection: redis,
    prefix: shardKeys(shard).tag,
    concurrency,
    lockDuration: lockMs,
    stalledInterval: Math.ceil(lockMs / 2),
    maxStalledCount: 1_000,
    skipLockRenewal: true,
    skipVersionCheck: true,
    removeOnComplete: { count: 0 },
    removeOnFail: { count: 0 },
    drainDelay: blockSeconds,
    runRetryDelay: 500,
  })
  worker.on('error', (error) => {
    countRefusal(error)
    onError(error)
  })
  // The processor throws only BullMQ's control errors. Any other error here is a bug.
  worker.on('failed', (_job, error) => onError(error))

  async function process(job: BullJob<Job>, token: string | undefined): Promise<void> {
    if (token === undefined) throw new Error('BullMQ gave no token')
    const outcome = await run(job.data, {
      extend: async (ms) => (await job.extendLock(token, ms)) === 1,
    })
    switch (outcome.type) {
      case 'done':
        return
      case 'delay':
        await hold(job, token, outcome.ms)
        throw new DelayedError()
      case 'hand-back':
        await job.moveToWait(token)
        throw new WaitingError()
    }
  }

  /** A held job keeps its lock and uses no slot: for BullMQ, it has been moved. */
  async function hold(job: BullJob<Job>, token: string, ms: number): Promise<void> {
    // A full Redis does not extend the lock. When the lock expires, the job is delivered again, too.
    const extended = await job.extendLock(token, ms + lockMs).catch(() => 1)
    if (extended !== 1) return
    function release(): void {
      clearTimeout(timer)
      held.delete(release)
      job.moveToWait(token).catch(onError)
    }
    const timer = setTimeout(release, ms)
    held.add(release)
    if (isClosing) release()
  }

  return {
    trouble() {
      if (redis.status !== 'ready') return `the queue's connection is ${redis.status}`
      return worker.isRunning() ? undefined : 'the queue is not being read'
    },
    async close() {
      isClosing = true
      const closed = worker.close()
      for (const release of held) release()
      await closed
    },
  }
}
