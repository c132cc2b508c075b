import type { Maintenance } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { shardKeys } from '../connection/keys.ts'
import { guarded } from '../connection/unavailable.ts'
import { runScript } from '../lua/run-script.ts'
import { adoptScript } from '../lua/scheduler/adopt.ts'
import { checkWorkspaceScript } from '../lua/scheduler/check-workspace.ts'
import { findWorkScript } from '../lua/scheduler/find-work.ts'
import { queueDueScript } from '../lua/scheduler/queue-due.ts'
import { recheckTurnsScript } from '../lua/scheduler/recheck-turns.ts'
import { offerTicket } from '../queue/tickets.ts'
import type { MaintenanceContext } from './maintenance-context.ts'

type Verbs = Pick<
  Maintenance,
  'adopt' | 'findWork' | 'queueDue' | 'checkWorkspaces' | 'recheckTurns' | 'nextDue'
>

/** How many tasks of a workspace one check counts. */
const tasksChecked = 100

/** How long a turn that a claim could not read stays aside. */
const brokenAgainMs = 60_000

/** The checks of a shard's backlogs, slots and tickets. */
export function queueVerbs({ redis, clockTime, time, tickets }: MaintenanceContext): Verbs {
  /** Where the next check of workspaces continues, in each shard. */
  const cursors: string[] = []
  return {
    async adopt(shard, limit) {
      const values = { clockTime: clockTime(), limit }
      const reply = await runScript(redis, adoptScript.call(shardKeys(shard), values))
      offerTicket(tickets, shard, reply)
      return reply
    },

    async findWork(shard) {
      const call = findWorkScript.call(shardKeys(shard), { clockTime: clockTime() })
      return await runScript(redis, call)
    },

    async queueDue(shard, limit) {
      const values = { clockTime: clockTime(), limit }
      const reply = await runScript(redis, queueDueScript.call(shardKeys(shard), values))
      offerTicket(tickets, shard, reply)
      return reply
    },

    async checkWorkspaces(shard, limit) {
      const { workspaces } = shardKeys(shard)
      const [cursor, names] = await guarded(() =>
        redis.sscan(workspaces, cursors[shard] ?? '0', 'COUNT', limit),
      )
      cursors[shard] = cursor
      let corrections = 0
      for (const workspace of names) {
        const values = { clockTime: clockTime(), workspace, repair: true, tasksChecked }
        const reply = await runScript(redis, checkWorkspaceScript.call(shardKeys(shard), values))
        offerTicket(tickets, shard, reply)
        corrections += reply.faults.length
      }
      if (cursor === '0') await forgetSlotsOfTheDead(redis, shard)
      return corrections
    },

    async recheckTurns(shard, limit) {
      const values = { clockTime: clockTime(), limit, brokenAgainMs }
      const reply = await runScript(redis, recheckTurnsScript.call(shardKeys(shard), values))
      offerTicket(tickets, shard, reply)
      return reply.queuedAgain
    },

    async nextDue(shard) {
      const { deadlines, expiries, leases } = shardKeys(shard)
      const now = await time()
      // What is due already and still there has failed. It waits for the usual pass.
      const firsts = await guarded(() =>
        Promise.all(
          [deadlines, expiries, leases].map((key) =>
            redis.zrangebyscore(key, `(${now}`, '+inf', 'WITHSCORES', 'LIMIT', 0, 1),
          ),
        ),
      )
      return Math.min(...firsts.map(([, score = Infinity]) => Number(score))) - now
    },
  }
}

/** Deletes the slots of a worker that has left, or of workers that have died, and the latest claim of each slot. */
export async function forgetSlots(
  redis: Redis,
  shard: number,
  isGone: (worker: string) => boolean,
): Promise<void> {
  const { scheduler } = shardKeys(shard)
  const fields = await guarded(() => redis.hkeys(scheduler))
  const gone = fields.filter((field) => {
    const [, worker] = /^slots?:([^:]*)/.exec(field) ?? []
    return worker !== undefined && isGone(worker)
  })
  if (gone.length > 0) await guarded(() => redis.hdel(scheduler, ...gone))
}

async function forgetSlotsOfTheDead(redis: Redis, shard: number): Promise<void> {
  const { workers } = shardKeys(shard)
  const known = new Set(await guarded(() => redis.zrange(workers, '0', '-1')))
  await forgetSlots(redis, shard, (worker) => !known.has(worker))
}
