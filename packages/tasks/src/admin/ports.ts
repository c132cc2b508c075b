import type { AdminStore } from '@longhaul/core'
import type { RedrivePorts } from './redrive.ts'

export type OperatorPorts = RedrivePorts & {
  adminStore: AdminStore
  shards: number
  /** For how long a worker may be silent, milliseconds. */
  lockMs: number
}
