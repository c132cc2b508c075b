import type { Redis } from 'ioredis'
import { shardKeys } from '../../connection/keys.ts'
import { guarded } from '../../connection/unavailable.ts'

/** How many jobs are read at once. */
const page = 5_000

/**
 * Reads the jobs of a shard's queue once. Searching a long list for each of many jobs would block Redis. Waiting jobs
 * are read first, so that a job that a worker takes meanwhile is found among the active ones.
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
