import { Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import { blockSeconds } from '../connection/connect.ts'
import { queueName, shardKeys } from '../connection/keys.ts'
import { countRefusal } from '../connection/unavailable.ts'

/** A slot of a worker: it runs one turn at a time. The id is unique among all workers. */
export type Slot = { shard: number; id: string }

export type Consumer = {
  /** Why the queue is not being read; undefined while it is. */
  trouble(): string | undefined
  /** Takes no new ticket from now on. Resolves when the last one has been used. */
  close(): Promise<void>
}

type Options = {
  redis: Redis
  shard: number
  /** The id of this process. */
  worker: string
  concurrency: number
  lockMs: number
  /** Runs turns of the shard, one after the other, until nothing can start. */
  run: (slot: Slot) => Promise<void>
  onError: (error: Error) => void
  /** Called when BullMQ has lost its lock on a ticket. The ticket then returns to the queue, which is harmless. */
  onLockLost?: (error: Error) => void
}

/**
 * The consumers' side of one shard's BullMQ queue. It wakes a worker and spreads the work. Leases alone decide who runs
 * which turn, so neither the lock of a ticket nor its stall counter means anything.
 */
export function createConsumer(options: Options): Consumer {
  const { redis, shard, worker: process, concurrency, lockMs, run, onError, onLockLost } = options
  const free = Array.from({ length: concurrency }, (_, at) => `${process}:${at}`)
  const worker = new Worker(queueName, useTicket, {
    connection: redis,
    prefix: shardKeys(shard).tag,
    concurrency,
    lockDuration: lockMs,
    stalledInterval: Math.ceil(lockMs / 2),
    maxStalledCount: 1_000_000,
    skipVersionCheck: true,
    removeOnComplete: { count: 0 },
    removeOnFail: { count: 0 },
    drainDelay: blockSeconds,
    runRetryDelay: 500,
  })
  worker.on('error', report)
  // `run` does not reject. Any error here is a bug, or a lock that was lost.
  worker.on('failed', (_job, error) => report(error))

  function report(error: Error): void {
    countRefusal(error)
    if (isLockLost(error)) onLockLost?.(error)
    else onError(error)
  }

  async function useTicket(): Promise<void> {
    // BullMQ runs at most `concurrency` tickets at once.
    const id = free.pop() ?? `${process}:${concurrency}`
    try {
      await run({ shard, id })
    } finally {
      free.push(id)
    }
  }

  return {
    trouble() {
      if (redis.status !== 'ready') return `the queue's connection is ${redis.status}`
      return worker.isRunning() ? undefined : 'the queue is not being read'
    },
    close: () => worker.close(),
  }
}

/** Whether a ticket is used by another worker, or was used up, because its lock had expired. */
function isLockLost({ message }: Error): boolean {
  return /\block\b|^Missing key for job|is not in the active state/i.test(message)
}
