import type { ShardCounts } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { shardKeys } from '../connection/keys.ts'
import { isPaused } from '../queue/pause.ts'
import { guarded } from '../connection/unavailable.ts'

/** Reads the sizes of a shard's sets and its queue. Each number is kept, and none is counted here. */
export async function readCounts(redis: Redis, shard: number, now: number): Promise<ShardCounts> {
  const { returned, newer, broken, due, outbox, leases, deadlines, failed, purges, queue } =
    shardKeys(shard)
  return await guarded(async () => {
    const sizes = redis
      .multi()
      .zcard(leases)
      .zcard(deadlines)
      .zcard(outbox)
      .zcount(leases, '-inf', now)
      .zcard(failed)
      .zcard(purges)
      .zcard(returned)
      .zcard(newer)
      .zcard(due)
      .zcard(broken)
      .exec()
    const [waiting, delayed, active, paused, inLanes, sets] = await Promise.all([
      redis.llen(`${queue}wait`),
      redis.zcard(`${queue}delayed`),
      redis.llen(`${queue}active`),
      isPaused(redis, shard),
      countQueued(redis, shard),
      sizes,
    ])
    const [running = 0, timed = 0, outboxDue = 0, leasesExpired = 0, ...others] = (sets ?? []).map(
      ([, size]) => Number(size),
    )
    const [inFailed = 0, ended = 0, inReturned = 0, inNewer = 0, inDue = 0, inBroken = 0] = others
    const queued = inLanes + inReturned + inNewer + inDue + inBroken + outboxDue
    return {
      queued,
      running,
      // Each live turn has one deadline for its end, and each parked turn has a second one for its wake-up.
      parked: Math.max(0, Math.round((timed - queued - running) / 2)),
      jobs: { waiting, delayed, active },
      outboxDue,
      leasesExpired,
      broken: inBroken,
      failed: inFailed,
      ended,
      paused,
    }
  })
}

/** The queued turns of all workspaces. */
async function countQueued(redis: Redis, shard: number): Promise<number> {
  const { workspaces, workspaceState } = shardKeys(shard)
  const names = await redis.smembers(workspaces)
  const counts = await Promise.all(names.map((name) => redis.hget(workspaceState(name), 'queued')))
  return counts.reduce((sum, count) => sum + Number(count ?? 0), 0)
}
