import {
  isWaitingKind,
  shardOf,
  type Waiting,
  type WaitingOptions,
  type WaitingTurn,
  whyWaiting,
} from '@longhaul/core'
import type { Redis } from 'ioredis'
import { shardKeys } from '../connection/keys.ts'
import { list, maybe, number, object, text } from '../connection/parser.ts'
import { readWaitingScript } from '../lua/scheduler/read-waiting.ts'
import { runScript } from '../lua/run-script.ts'

type Named = { taskId: string; turn?: number | undefined }
type Options = WaitingOptions & { clockTime: number | '' }

/** Reads why turns wait, by task: one script for each shard. Turns that run or have ended are left out. */
export async function readWaiting(
  redis: Redis,
  turns: readonly Named[],
  options: Options,
): Promise<Map<string, Waiting>> {
  const shards = Map.groupBy(turns, ({ taskId }) => shardOf(taskId))
  const found = await Promise.all(
    [...shards].map(([shard, some]) => readShard(redis, shard, { ...options, turns: some })),
  )
  return new Map(found.flat())
}

async function readShard(
  redis: Redis,
  shard: number,
  { turns, silentMs, isBrief = false, clockTime }: Options & { turns: Named[] },
): Promise<[string, Waiting][]> {
  const call = readWaitingScript.call(shardKeys(shard), {
    silentMs,
    isBrief,
    clockTime,
    turns: turns.map(({ taskId, turn = '' }) => ({ task: taskId, turn })),
  })
  const { now, workers, turns: found } = await runScript(redis, call)
  return found.map((turn) => {
    const { taskId, parked, rate, running, limit, keyRunning, keyLimit, ...others } = turn
    const waiting = whyWaiting({
      ...others,
      now,
      workers,
      parked: parked === undefined ? undefined : parkingIn(parked),
      rate: rate === undefined ? undefined : rateIn(rate),
      workspace: { running, limit },
      key: { running: keyRunning, limit: keyLimit },
    })
    return [taskId, waiting]
  })
}

/** The parking of a turn, from its fact. A kind that only a newer version knows is left out. */
function parkingIn(json: string): NonNullable<WaitingTurn['parked']> {
  const { until, for: kind, also = [] } = parkingFields(JSON.parse(json))
  return {
    until,
    ...(kind !== undefined && isWaitingKind(kind) && { for: kind }),
    also: also.filter(isWaitingKind),
  }
}

const parkingFields = object({ until: number, for: maybe(text), also: maybe(list(text)) })

/** The rate that a turn waits for, from the field `wait` of its head. */
function rateIn(json: string): WaitingTurn['rate'] {
  const { kind, until } = rateFields(JSON.parse(json))
  return isWaitingKind(kind) ? { kind, until } : undefined
}

const rateFields = object({ kind: text, until: number })
