import { type AdminStore, type Tickets } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { setTimeout as sleep } from 'node:timers/promises'
import { scan } from './doctor/scan.ts'
import { listEntries } from './list-entries.ts'
import { shardKeys } from '../connection/keys.ts'
import { readCounts } from './read-counts.ts'
import { readDemand } from './read-demand.ts'
import { isPaused, setPaused } from '../queue/pause.ts'
import { createRedrives } from './redrives.ts'
import { scored } from './member-scores.ts'
import { createTime } from '../connection/redis-time.ts'
import { guarded } from '../connection/unavailable.ts'
import { readLimits, readUse, setLimits } from './workspace-limits.ts'

/** The operations of operators, in Redis. `clock` replaces Redis's time in tests. */
export function createAdminStore(
  redis: Redis,
  options: { shards?: number; clock?: () => number; tickets?: Tickets } = {},
): AdminStore {
  const { shards = 1, tickets } = options
  const time = createTime(redis, options)
  const context = { redis, tickets, clockTime: () => options.clock?.() ?? ('' as const) }

  return {
    counts: async (shard) => await readCounts(redis, shard, await time()),

    async demand(shard, { silentMs }) {
      const clockTime = options.clock?.() ?? ''
      return await readDemand(redis, shard, { now: await time(), silentMs, clockTime })
    },

    async workers(shard) {
      const now = await time()
      const beats = await guarded(() =>
        redis.zrange(shardKeys(shard).workers, '0', '-1', 'WITHSCORES'),
      )
      return scored(beats).map(({ member: id, score: beatAt }) => {
        return { id, beatAt, silentMs: Math.max(0, now - beatAt) }
      })
    },

    list: async (query, page) =>
      await listEntries(redis, query, { ...page, shards, now: await time() }),

    async pause(shard, isNow) {
      const clockTime: number | '' = options.clock?.() ?? ''
      const values = {
        shard,
        isPaused: isNow,
        clockTime,
        ...(tickets !== undefined && { tickets }),
      }
      await setPaused(redis, values)
    },
    isPaused: (shard) => isPaused(redis, shard),
    brokenTurns: (shard) => guarded(() => redis.zcard(shardKeys(shard).broken)),

    setLimits: (shard, workspace, limits, revision) =>
      setLimits(context, { shard, workspace }, { limits, revision }),
    limitsOf: (shard, workspace) => readLimits(context, { shard, workspace }),
    useOf: (shard, workspace) => readUse(context, { shard, workspace }),

    scan: (from, walkOptions) =>
      scan(from, {
        ...walkOptions,
        redis,
        shards,
        time,
        pause: sleep,
        tickets,
        now: context.clockTime,
      }),

    ...createRedrives(redis, { shards, clock: options.clock, time }),
  }
}
