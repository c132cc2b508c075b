import { Worker } from 'bullmq'
import { Redis } from 'ioredis'

/** A worker whose jobs do nothing, as fast as BullMQ permits. */
const worker = new Worker('noop', async () => {}, {
  connection: new Redis(process.env['REDIS_URL'] ?? '', { maxRetriesPerRequest: null }),
  concurrency: 100,
  removeOnComplete: { count: 0 },
  removeOnFail: { count: 0 },
})

process.on('disconnect', () => process.exit())
await worker.waitUntilReady()
process.send?.('ready')
