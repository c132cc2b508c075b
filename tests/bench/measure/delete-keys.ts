import type { Redis } from 'ioredis'

/** The patterns of keys that a round leaves behind: without them, all rounds begin with the same state. */
export const tasksAndJobs = '{lh:s0}:*'
export const naiveJobs = 'bull:*'
export const naiveTasks = 'naive:*'

/** Deletes keys by pattern, except the metadata of a queue, which BullMQ writes only once. */
export async function forget(redis: Redis, match: string): Promise<void> {
  for await (const found of redis.scanStream({ match, count: 1_000 }) as AsyncIterable<string[]>) {
    const keys = found.filter((key) => !key.endsWith(':meta'))
    if (keys.length > 0) await redis.unlink(keys)
  }
}
