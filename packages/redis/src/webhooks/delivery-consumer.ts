import { Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import { blockSeconds } from '../connection/connect.ts'
import { deliveryKeys, deliveryQueueName } from '../connection/keys.ts'
import { countRefusal } from '../connection/unavailable.ts'

type Options = {
  redis: Redis
  /** How many endpoints this process serves at once. */
  concurrency: number
  lockMs: number
  /** Serves endpoints until none is due. */
  run: () => Promise<void>
  onError: (error: Error) => void
}

/** The consumers' side of the queue of deliveries. A lost lock is harmless: the lease of an endpoint decides. */
export function createDeliveryConsumer({ redis, concurrency, lockMs, run, onError }: Options) {
  const worker = new Worker(deliveryQueueName, run, {
    connection: redis,
    prefix: deliveryKeys().tag,
    concurrency,
    lockDuration: lockMs,
    stalledInterval: lockMs,
    maxStalledCount: 1_000_000,
    skipVersionCheck: true,
    removeOnComplete: { count: 0 },
    removeOnFail: { count: 0 },
    drainDelay: blockSeconds,
    runRetryDelay: 500,
  })
  const report = (error: Error) => {
    countRefusal(error)
    onError(error)
  }
  worker.on('error', report)
  worker.on('failed', (_job, error) => report(error))
  return { close: () => worker.close() }
}
