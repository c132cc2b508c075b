import type { Redis } from 'ioredis'

/** What a round leaves behind, so that the next one finds what this one found. */
export const tasksAndJobs = '{lh:s0}:*'
export const naiveJobs = 'bull:*'

/** Deletes what has such a name, but not what BullMQ notes once about a queue. */
export async function forget(redis: Redis, match: string): Promise<void> {
  for await (const found of redis.scanStream({ match, count: 1_000 }) as AsyncIterable<string[]>) {
    const keys = found.filter((key) => !key.endsWith(':meta'))
    if (keys.length > 0) await redis.unlink(keys)
  }
}
