import { Cluster, Command, type Redis } from 'ioredis'
import { away } from './unavailable.ts'

/** The connections to all primaries: those of a cluster, or the only one. Throws when none is known. */
export function primariesOf(redis: Redis): Redis[] {
  const nodes = clusterOf(redis)?.nodes('master') ?? [redis]
  if (nodes.length === 0) throw away()
  return nodes
}

/** The connection to the primary of a key; undefined while it is unknown. */
export function primaryOf(redis: Redis, key: string): Redis | undefined {
  const cluster = clusterOf(redis)
  if (cluster === undefined) return redis
  const name = cluster.slots[slotOf(key)]?.[0]
  return cluster.nodes('master').find((node) => nameOf(node) === name)
}

/** The host and port of a node. */
export function nameOf({ options }: Redis): string {
  return `${options.host}:${options.port}`
}

function clusterOf(redis: unknown): Cluster | undefined {
  return redis instanceof Cluster ? redis : undefined
}

const slots = new Map<string, number>()

function slotOf(key: string): number {
  let slot = slots.get(key)
  if (slot === undefined) slots.set(key, (slot = new Command('get', [key]).getSlot()))
  return slot
}
