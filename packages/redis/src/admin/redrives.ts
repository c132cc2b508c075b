import { type AdminStore, parseResponseId, responseId, shardOf, type TurnRef } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { shardKeys, taskKeys } from '../connection/keys.ts'
import { scored } from './member-scores.ts'
import { guarded } from '../connection/unavailable.ts'
import { recordRedriveFailureScript } from '../lua/admin/record-redrive-failure.ts'
import { runScript } from '../lua/run-script.ts'
import { takeDueScript } from '../lua/task/take-due.ts'

/**
 * The delay of the first redrive, milliseconds. By then every worker knows of the waiting redrives, so that the first
 * ones are not late and do not all run at once.
 */
const notice = 1_500

type Options = { shards: number; clock?: (() => number) | undefined; time: () => Promise<number> }
type Redrives = Pick<AdminStore, 'redriveLater' | 'takeRedrives' | 'redriveDone' | 'redriveFailed'>

/** The queue of redrives of failed turns: one set per shard, by due time. */
export function createRedrives(redis: Redis, { shards, clock, time }: Options): Redrives {
  async function edge(shard: number, which: 'first' | 'last'): Promise<number | undefined> {
    const { redrives } = shardKeys(shard)
    const found = await guarded(() =>
      which === 'first'
        ? redis.zrange(redrives, '0', '0', 'WITHSCORES')
        : redis.zrevrange(redrives, '0', '0', 'WITHSCORES'),
    )
    return scored(found)[0]?.score
  }

  return {
    async redriveLater(turns, perSecond) {
      const gap = 1_000 / perSecond
      const every = Array.from({ length: shards }, (_, shard) => shard)
      const lasts = await Promise.all(every.map((shard) => edge(shard, 'last')))
      const start = Math.max((await time()) + notice, ...lasts.map((last) => (last ?? 0) + gap))
      const dueAt = (at: number) => Math.round(start + at * gap)
      const timed = turns.map((turn, at) => ({ turn, due: dueAt(at) }))
      let added = 0
      for (const [shard, group] of Map.groupBy(timed, ({ turn }) => shardOf(turn.taskId))) {
        const pairs = group.flatMap(({ turn, due }) => [due, memberOf(turn)])
        added += await guarded(() => redis.zadd(shardKeys(shard).redrives, 'NX', ...pairs))
      }
      return { added, until: dueAt(Math.max(turns.length - 1, 0)) }
    },

    async takeRedrives(shard, againMs, limit) {
      const values = { clockTime: clock?.() ?? ('' as const), againMs, limit }
      const call = takeDueScript.call({ set: shardKeys(shard).redrives }, values)
      const due = await runScript(redis, call)
      const turns = due.flatMap((member) => parseResponseId(member) ?? [])
      const next = await edge(shard, 'first')
      return { turns, ...(next !== undefined && { nextMs: Math.max(0, next - (await time())) }) }
    },

    async redriveDone(turn) {
      await guarded(() => redis.zrem(shardKeys(shardOf(turn.taskId)).redrives, memberOf(turn)))
    },

    async redriveFailed(turn, why) {
      const values = { redrive: memberOf(turn), turn: turn.turn, reason: why }
      await runScript(redis, recordRedriveFailureScript.call(taskKeys(turn.taskId), values))
    },
  }
}

function memberOf({ taskId, turn }: TurnRef): string {
  return responseId(taskId, turn)
}
