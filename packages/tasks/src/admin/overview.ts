import type { ShardCounts, WorkerSeen } from '@longhaul/core'
import { silentAfter } from '../lib/silent-after.ts'
import { everyShard } from './every-shard.ts'
import type { OperatorPorts } from './ports.ts'

export type Overview = {
  shards: ShardCounts[]
  /** One entry for each process, also where it serves several shards. */
  workers: (WorkerSeen & { alive: boolean })[]
}

/** The counts of every shard, and the workers. */
export async function overview({ adminStore, shards, lockMs }: OperatorPorts): Promise<Overview> {
  const [counts, seen] = await Promise.all([
    everyShard(shards, (shard) => adminStore.counts(shard)),
    everyShard(shards, (shard) => adminStore.workers(shard)),
  ])
  const latest = new Map<string, WorkerSeen>()
  for (const worker of seen.flat()) {
    const known = latest.get(worker.id)
    if (known === undefined || worker.beatAt > known.beatAt) latest.set(worker.id, worker)
  }
  const workers = [...latest.values()].toSorted((a, b) => a.silentMs - b.silentMs)
  return {
    shards: counts,
    workers: workers.map((worker) => ({ ...worker, alive: worker.silentMs < silentAfter(lockMs) })),
  }
}
