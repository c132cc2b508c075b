import { addDemand, type Demand, noDemand } from '@longhaul/core'
import { silentAfter } from '../lib/silent-after.ts'
import { everyShard } from './every-shard.ts'
import type { OperatorPorts } from './ports.ts'

/** The demand of all shards together, and the slots of all living workers. */
export type TotalDemand = Demand & { slots: number }

export async function totalDemand({
  adminStore,
  shards,
  lockMs,
}: OperatorPorts): Promise<TotalDemand> {
  const found = await everyShard(shards, (shard) =>
    adminStore.demand(shard, { silentMs: silentAfter(lockMs) }),
  )
  // A worker sends its heartbeat to each shard that it serves.
  const slotsOf = new Map(
    found.flatMap(({ workers }) => workers).map(({ id, slots }) => [id, slots]),
  )
  const demand = found.reduce<Demand>(addDemand, noDemand())
  return { ...demand, slots: [...slotsOf.values()].reduce((sum, count) => sum + count, 0) }
}
