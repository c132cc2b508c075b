import type { Upkeep } from '@longhaul/core'
import type { Logger } from '@longhaul/process'

type Options = { upkeep: Upkeep; worker: string; shards: number; lockMs: number; log: Logger }

/** Tells, every quarter of the lock, that this process lives: a turn that was lost by one that is silent may have killed it. */
export function startPresence({ upkeep, worker, shards, lockMs, log }: Options) {
  const every = Array.from({ length: shards }, (_, shard) => shard)

  async function beat(): Promise<void> {
    try {
      await Promise.all(every.map((shard) => upkeep.workerAlive(shard, worker)))
    } catch (error) {
      log.warn({ err: error }, 'the worker could not tell that it lives')
    }
  }
  void beat()
  const beats = setInterval(() => void beat(), lockMs / 4)

  return {
    /** Leaves: whatever this process has not given back will not be. */
    async stop(): Promise<void> {
      clearInterval(beats)
      await Promise.all(every.map((shard) => upkeep.workerGone(shard, worker)))
    },
  }
}
