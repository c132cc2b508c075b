import type { AdminStore } from '@longhaul/core'
import type { RedrivePorts } from './redrive.ts'

export type OperatorPorts = RedrivePorts & {
  adminStore: AdminStore
  shards: number
  /**
   * How long a lock lasts without renewal, milliseconds; a worker that is silent for 75 % of it counts as not alive.
   */
  lockMs: number
  now: () => number
}
