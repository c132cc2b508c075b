import type { Job } from '@longhaul/core'
import { type Job as BullJob, DelayedError, WaitingError, Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import { blockSeconds } from '../connection/connect.ts'
import { shardKeys } from '../connection/keys.ts'
import { queueName } from '../connection/keys.ts'
import { countRefusal } from '../connection/unavailable.ts'

/** What became of a job: it is gone, comes back after a while, or goes to another worker at once. */
export type JobOutcome = { type: 'done' } | { type: 'delay'; ms: number } | { type: 'hand-back' }

/** BullMQ's lock on a job, prolonged by whoever runs it. */
export type JobLock = { extend(ms: number): Promise<boolean> }

export type Consumer = {
  /** Why the queue is not being read; undefined while it is. */
  trouble(): string | undefined
  /** Takes no new job from now on, and resolves when the last one has been given back or is done. */
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
 * The consumers' side of one shard's BullMQ queue. BullMQ's lock is not renewed by BullMQ, whose
 * renewal is kept per job and not per attempt, and its stall counter never fails a job: which turn
 * may run, and who died of it, is told by the leases. BullMQ's delays go by the clocks of whoever
 * delays and of whoever takes, of which one may be wrong: a job that comes back later is held here.
 */
export function createConsumer(options: Options): Consumer {
  const { redis, shard, concurrency, lockMs, run, onError } = options
  /** What gives each held job back at once. */
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
  // The processor throws nothing but BullMQ's own control errors; what else arrives here is a fault of ours.
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

  /** A held job keeps its lock and takes up no slot: to BullMQ it has been moved away. */
  async function hold(job: BullJob<Job>, token: string, ms: number): Promise<void> {
    // A full Redis does not prolong the lock. One that runs out brings the job back, too.
    const mine = await job.extendLock(token, ms + lockMs).catch(() => 1)
    if (mine !== 1) return
    function giveBack(): void {
      clearTimeout(timer)
      held.delete(giveBack)
      job.moveToWait(token).catch(onError)
    }
    const timer = setTimeout(giveBack, ms)
    held.add(giveBack)
    if (isClosing) giveBack()
  }

  return {
    trouble() {
      if (redis.status !== 'ready') return `the queue's connection is ${redis.status}`
      return worker.isRunning() ? undefined : 'the queue is not being read'
    },
    async close() {
      isClosing = true
      const closed = worker.close()
      for (const giveBack of held) giveBack()
      await closed
    },
  }
}
