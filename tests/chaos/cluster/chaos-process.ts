import type { ClusterProcess, FlakyProxy } from '@longhaul/testbed/servers'
import { writeFile } from 'node:fs/promises'
import type { RedisProxies } from '../store/redis-proxies.ts'
import type { FaultOrder } from './fault-agent.ts'

/** A process of the product, with proxies of its own to Redis and a fault agent inside. */
export type ChaosProcess = {
  name: string
  process: ClusterProcess
  toRedis: RedisProxies['proxy']
  /** The limit of its heap in MB, if there is one. */
  heap: number | undefined
  /** Whether it is being stopped, or a fault is performed on it. */
  away: boolean
  /** Sends a signal unless the process has ended. */
  send: (signal: NodeJS.Signals) => void
  /** Sends an order to its fault agent. */
  order: (what: FaultOrder) => Promise<void>
}

/** An API. Its address outlives restarts, as clients reach it through a proxy. */
export type ChaosApi = ChaosProcess & { proxy: FlakyProxy }

type Known = { toRedis: RedisProxies['proxy']; heap: number | undefined; ordersFile: string }

export function asChaosProcess(
  process: ClusterProcess,
  { toRedis, heap, ordersFile }: Known,
): ChaosProcess {
  const { name, send } = process
  return {
    name,
    process,
    toRedis,
    heap,
    away: false,
    send,
    async order(what) {
      await writeFile(ordersFile, JSON.stringify(what))
      send('SIGUSR2')
    },
  }
}
