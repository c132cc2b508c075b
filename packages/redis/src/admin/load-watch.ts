import type { Redis } from 'ioredis'
import { shardKeys } from '../connection/keys.ts'
import { primariesOf } from '../connection/primaries.ts'
import { guarded } from '../connection/unavailable.ts'
import { readQueueTimesScript } from '../lua/scheduler/read-queue-times.ts'
import { runScript } from '../lua/run-script.ts'
import { keyHash } from '../queue/key-hash.ts'

type Options = {
  shards: number
  /** Shorter waits are not of interest: milliseconds. */
  longerThanMs: number
  /** The number of workspaces that one sample reads in each shard. */
  slice?: number
  /** Replaces Redis's time in tests. */
  clock?: () => number
}

/**
 * Measures the load of Redis and of the queues, a part at a time: what it knows is at most as old as a few samples.
 * The methods that return values read nothing.
 */
export function createLoadWatch(
  redis: Redis,
  { shards, longerThanMs, slice = 200, clock }: Options,
) {
  let memory = 0
  const queues = Array.from({ length: shards }, createRound)

  async function sampleShard(shard: number, round: Round): Promise<void> {
    const call = readQueueTimesScript.call(shardKeys(shard), {
      clockTime: clock?.() ?? '',
      offset: round.offset,
      count: slice,
      longerThanMs,
    })
    const { read, lanes } = await runScript(redis, call)
    for (const { workspace, key, waitedMs } of lanes) {
      round.latest.set(`${workspace} ${key}`, waitedMs)
      round.known.set(`${workspace} ${key}`, waitedMs)
    }
    round.offset += read
    if (read === slice) return
    // The round is complete: what it has not seen does not wait any more.
    round.known = round.latest
    round.latest = new Map()
    round.offset = 0
  }

  return {
    async sample(): Promise<void> {
      const infos = await guarded(() =>
        Promise.all(primariesOf(redis).map((primary) => primary.info('memory'))),
      )
      memory = Math.max(...infos.map(usedShare))
      await Promise.all(queues.map((round, shard) => sampleShard(shard, round)))
    },

    /** The memory that the fullest primary uses, in relation to its limit. 0 without a limit. */
    memory: (): number => memory,

    /** How long the next turn has waited with which a new turn would have to compete; 0 if not long. */
    waitedMs(workspace: string, fairnessKey: string): number {
      const names = [`${workspace} ${keyHash(fairnessKey)}`, `${workspace} *`]
      return Math.max(
        0,
        ...queues.flatMap(({ known }) => names.map((name) => known.get(name) ?? 0)),
      )
    },
  }
}

/** A walk over the ring of a shard. */
type Round = { offset: number; latest: Map<string, number>; known: Map<string, number> }

function createRound(): Round {
  return { offset: 0, latest: new Map(), known: new Map() }
}

function usedShare(info: string): number {
  const used = Number(/^used_memory:(\d+)/m.exec(info)?.[1] ?? 0)
  const most = Number(/^maxmemory:(\d+)/m.exec(info)?.[1] ?? 0)
  return most === 0 ? 0 : used / most
}
