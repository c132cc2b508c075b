import type { Redis } from 'ioredis'
import { shardKeys } from '../../connection/keys.ts'
import { guarded } from '../../connection/unavailable.ts'

/** How many jobs are read at once. */
const page = 5_000

/**
 * The jobs of a shard's queue, read once: to search a long list for each of many jobs would keep Redis
 * from its work. Those that wait come first, so that one which is taken meanwhile is met among the active.
 */
export function queuedJobs(redis: Redis): (shard: number) => Promise<Set<string>> {
  const known = new Map<number, Promise<Set<string>>>()
  return (shard) => {
    const jobs = known.get(shard) ?? read(shardKeys(shard).queue)
    known.set(shard, jobs)
    return jobs
  }

  async function read(queue: string): Promise<Set<string>> {
    const jobs = new Set<string>()
    for (const name of ['wait', 'paused', 'delayed', 'active']) {
      for (let from = 0; ; from += page) {
        const till = from + page - 1
        const found = await guarded(() =>
          name === 'delayed'
            ? redis.zrange(queue + name, `${from}`, `${till}`)
            : redis.lrange(queue + name, from, till),
        )
        for (const job of found) jobs.add(job)
        if (found.length < page) break
      }
    }
    return jobs
  }
}
