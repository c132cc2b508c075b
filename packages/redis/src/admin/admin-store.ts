import type { AdminStore, Tickets } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { setTimeout as sleep } from 'node:timers/promises'
import { scan } from './doctor/scan.ts'
import { listEntries } from './list-entries.ts'
import { shardKeys } from '../connection/keys.ts'
import { readCounts } from './read-counts.ts'
import { readDemand } from './read-demand.ts'
import { runScript } from '../lua/run-script.ts'
import { setLimitsScript } from '../lua/scheduler/set-limits.ts'
import { isPaused, setPaused } from '../queue/pause.ts'
import { offerTicket } from '../queue/tickets.ts'
import { createRedrives } from './redrives.ts'
import { scored } from './member-scores.ts'
import { createTime } from '../connection/redis-time.ts'
import { guarded } from '../connection/unavailable.ts'

/** The operations of operators, in Redis. `clock` replaces Redis's time in tests. */
export function createAdminStore(
  redis: Redis,
  options: { shards?: number; clock?: () => number; tickets?: Tickets } = {},
): AdminStore {
  const { shards = 1, tickets } = options
  const time = createTime(redis, options)

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

    async setLimits(shard, workspace, { running, runningPerFairnessKey, weight, paused = false }) {
      const values = { workspace, running, runningPerKey: runningPerFairnessKey, weight }
      const clockTime = options.clock?.() ?? ''
      const call = setLimitsScript.call(shardKeys(shard), {
        ...values,
        clockTime,
        isPaused: paused,
      })
      offerTicket(tickets, shard, { wantsTicket: await runScript(redis, call) })
    },

    scan: (from, walkOptions) =>
      scan(from, {
        ...walkOptions,
        redis,
        shards,
        time,
        pause: sleep,
        tickets,
        now: () => options.clock?.() ?? '',
      }),

    ...createRedrives(redis, { shards, clock: options.clock, time }),
  }
}
