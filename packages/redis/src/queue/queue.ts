import { type Job, jobId, type Queue, shardOf } from '@longhaul/core'
import { Queue as BullQueue } from 'bullmq'
import type { Redis } from 'ioredis'
import { checkJob } from '../admin/doctor/check-job.ts'
import { queueName, shardKeys } from '../connection/keys.ts'
import { guarded } from '../connection/unavailable.ts'

/** The field that BullMQ writes with its default when it is missing. */
const maxEvents = 'opts.maxLenEvents'

/** The producers' side of every shard's BullMQ queue. Jobs contain ids only, and are removed when they end. */
export function createQueue(
  redis: Redis,
  shards: number,
): Queue & {
  /** Restores the settings of each queue that Redis has lost. Without them, the events of a queue are hardly trimmed. */
  restoreMeta(): Promise<void>
  close(): Promise<void>
} {
  const queues = Array.from({ length: shards }, (_, shard) => {
    const queue = new BullQueue<Job>(queueName, {
      connection: redis,
      prefix: shardKeys(shard).tag,
      skipWaitingForReady: true,
      skipVersionCheck: true,
      streams: { events: { maxLen: 100 } },
      defaultJobOptions: { attempts: 1, removeOnComplete: true, removeOnFail: true },
    })
    // The listener of the connection reports its errors. Each call rejects with its own error.
    queue.on('error', () => {})
    return queue
  })

  return {
    async enqueue(job) {
      const id = jobId(job.taskId, job.turn, job.segment)
      await queues[shardOf(job.taskId)]?.add('run', job, { jobId: id })
    },

    async restore(job) {
      const id = jobId(job.taskId, job.turn, job.segment)
      // The queue's lists are not searched, because this runs for every job of a long queue.
      return (await checkJob(redis, id, { repair: true, now: '', seen: true })) === 'missing'
    },

    async restoreMeta() {
      for (const [shard, { metaValues }] of queues.entries()) {
        const meta = `${shardKeys(shard).queue}meta`
        const stored = await guarded(() => redis.hget(meta, maxEvents))
        if (stored !== String(metaValues[maxEvents]))
          await guarded(() => redis.hset(meta, metaValues))
      }
    },

    async close() {
      await Promise.all(queues.map((queue) => queue.close()))
    },
  }
}
