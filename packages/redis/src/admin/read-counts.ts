import type { ShardCounts } from '@longhaul/core'
import type { Redis } from 'ioredis'
import type { ShardKeys } from '../connection/keys.ts'
import { isPaused } from '../queue/pause.ts'
import { guarded } from '../connection/unavailable.ts'

/** Reads the sizes of a shard's sets and its queue. Redis maintains each of these numbers. */
export async function readCounts(redis: Redis, keys: ShardKeys, now: number): Promise<ShardCounts> {
  const { outbox, leases, deadlines, failed, purges, queue } = keys
  return await guarded(async () => {
    const sizes = redis
      .multi()
      .zcard(outbox)
      .zcard(leases)
      .zcard(deadlines)
      .zcount(outbox, '-inf', now)
      .zcount(leases, '-inf', now)
      .zcard(failed)
      .zcard(purges)
      .exec()
    const [waiting, delayed, active, paused, sets] = await Promise.all([
      redis.llen(`${queue}wait`),
      redis.zcard(`${queue}delayed`),
      redis.llen(`${queue}active`),
      isPaused(redis, keys),
      sizes,
    ])
    const [queued = 0, running = 0, timed = 0, outboxDue = 0, leasesExpired = 0, ...ended] = (
      sets ?? []
    ).map(([, size]) => Number(size))
    return {
      queued,
      running,
      // Each live turn has one deadline for its end, and each parked turn has a second one for its wake-up.
      parked: Math.max(0, Math.round((timed - queued - running) / 2)),
      jobs: { waiting, delayed, active },
      outboxDue,
      leasesExpired,
      failed: ended[0] ?? 0,
      ended: ended[1] ?? 0,
      paused,
    }
  })
}
