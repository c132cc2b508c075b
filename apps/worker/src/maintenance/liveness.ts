import type { Maintenance } from '@longhaul/core'

export type Liveness = ReturnType<typeof createLiveness>

type Options = {
  maintenance: Pick<Maintenance, 'workerAlive' | 'workerGone'>
  worker: string
  /** How many turns this process runs at once. */
  slots: number
  shards: number
}

/** Sends the heartbeat of this process. A process that lost a turn and sends none may have died of that turn. */
export function createLiveness({ maintenance, worker, slots, shards }: Options) {
  const all = Array.from({ length: shards }, (_, shard) => shard)
  let hasLeft = false
  return {
    async report(): Promise<void> {
      if (hasLeft) return
      await Promise.all(all.map((shard) => maintenance.workerAlive(shard, worker, slots)))
    },
    /** Removes the process from the list of workers. A turn that it has not released counts as lost. */
    async leave(): Promise<void> {
      hasLeft = true
      await Promise.all(all.map((shard) => maintenance.workerGone(shard, worker)))
    },
  }
}
