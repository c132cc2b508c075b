import type { ClusterProcess, FlakyProxy } from '@longhaul/testbed/servers'
import { writeFile } from 'node:fs/promises'
import type { FaultOrder } from './fault-agent.ts'

/** A process of the product, with its own connection to Redis and a fault agent inside. */
export type ChaosProcess = {
  name: string
  process: ClusterProcess
  toRedis: FlakyProxy
  /** Its heap, MB, where that is limited. */
  heap: number | undefined
  /** It is being stopped, or another fault is performed on it. */
  away: boolean
  /** Sends it a signal, unless it has ended. */
  send: (signal: NodeJS.Signals) => void
  /** Lets its fault agent do something to it. */
  order: (what: FaultOrder) => Promise<void>
}

/** An API keeps its address over restarts: clients reach it through a proxy. */
export type ChaosApi = ChaosProcess & { proxy: FlakyProxy }

type Known = { toRedis: FlakyProxy; heap: number | undefined; ordersFile: string }

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
