import type { Maintenance, Tickets } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { shardKeys } from '../connection/keys.ts'
import { createTime } from '../connection/redis-time.ts'
import { type Bulk, createTransfers } from '../connection/transfers.ts'
import { guarded } from '../connection/unavailable.ts'
import { createParentChildLinks } from '../lifecycle/parent-child-links.ts'
import { recordWorkerBeatScript } from '../lua/admin/record-worker-beat.ts'
import { runScript } from '../lua/run-script.ts'
import { deletedAgentVerbs } from './deleted-agents.ts'
import { expireLeases } from './expire-leases.ts'
import type { MaintenanceContext } from './maintenance-context.ts'
import { forgetSlots, queueVerbs } from './check-queue.ts'
import { purgeDueTasks } from './purge-due-tasks.ts'
import { serveDeadlines, serveExpiries } from './serve-deadlines.ts'

type Options = { worker?: string; clock?: () => number; bulk?: Bulk; tickets?: Tickets }

/** The operations that reconcile one shard in Redis, as the process `worker`. */
export function createMaintenance(
  redis: Redis,
  { worker = '', clock, bulk, tickets }: Options = {},
): Maintenance {
  const clockTime = (): number | '' => clock?.() ?? ''
  const transfers = createTransfers(redis, bulk)
  const links = createParentChildLinks(transfers, { clockTime, tickets })
  const time = createTime(redis, { clock })
  const context: MaintenanceContext = {
    redis,
    transfers,
    links,
    tickets,
    clockTime,
    time,
    worker,
  }

  return {
    ...queueVerbs(context),
    expireLeases: (shard, limit) => expireLeases(context, { shard, limit }),
    serveDeadlines: (shard, limit) => serveDeadlines(context, { shard, limit }),
    serveExpiries: (shard, limit) => serveExpiries(context, { shard, limit }),
    serveAnswers: (shard, againMs, limit) => links.serveAnswers(shard, againMs, limit),
    purgeDue: (shard, limit, skip = 0) => purgeDueTasks(context, { shard, limit, skip }),

    async workerAlive(shard, id, slots = 0) {
      const values = { clockTime: clockTime(), worker: id, slots }
      await runScript(redis, recordWorkerBeatScript.call(shardKeys(shard), values))
    },

    async workerGone(shard, id) {
      await guarded(() => redis.zrem(shardKeys(shard).workers, id))
      await forgetSlots(redis, shard, (left) => left === id)
    },

    ...deletedAgentVerbs(context),
  }
}
