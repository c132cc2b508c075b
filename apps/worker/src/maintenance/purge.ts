import { limits, type Upkeep } from '@longhaul/core'
import type { Logger } from '@longhaul/process'
import { setTimeout as sleep } from 'node:timers/promises'

type Options = {
  upkeep: Pick<Upkeep, 'purgeDue'>
  shards: number
  everyMs: number
  log: Logger
  /** Receives how many tasks were purged. */
  purged: (count: number) => void
}

/** How many tasks are purged together. Redis needs less than 5 ms for them, and serves others between them. */
const batch = limits.maintenance.purgeBatch
/** How long one shard may be purged before it is the next one's turn, milliseconds. */
const sliceMs = limits.maintenance.purgeSlice

/**
 * Purges the tasks whose retention is over, for as long as there are any, and looks again every now and then. It
 * runs apart from all repairs, because it is what makes room in a full Redis. One worker at a time purges a shard.
 */
export function startPurger({ upkeep, shards, everyMs, log, purged }: Options) {
  const stop = new AbortController()
  /** How many of the first due tasks of each shard could not be purged: those behind them come first. */
  const left = Array.from({ length: shards }, () => 0)

  /** Whether more is due. */
  async function purgeShard(shard: number): Promise<boolean> {
    const until = performance.now() + sliceMs
    while (!stop.signal.aborted) {
      const skip = left[shard] ?? 0
      const found = await upkeep.purgeDue(shard, batch, skip)
      if (found.purged > 0) purged(found.purged)
      for (const err of found.failures) log.warn({ err, shard }, 'task could not be purged')
      left[shard] = skip + found.due - found.purged
      if (found.due < batch) {
        left[shard] = 0
        return false
      }
      if (performance.now() >= until) return true
    }
    return false
  }

  async function pass(): Promise<boolean> {
    let more = false
    for (let shard = 0; shard < shards; shard += 1) {
      try {
        if (await purgeShard(shard)) more = true
      } catch (error) {
        log.warn({ err: error, shard, stage: 'purge' }, 'reconcile stage failed')
      }
    }
    return more
  }

  async function run(): Promise<void> {
    while (!stop.signal.aborted) {
      if (await pass()) continue
      const pause = everyMs * (0.75 + Math.random() / 2)
      await sleep(pause, undefined, { signal: stop.signal }).catch(() => {})
    }
  }

  const running = run()
  return {
    async stop(): Promise<void> {
      stop.abort()
      await running
    },
  }
}
