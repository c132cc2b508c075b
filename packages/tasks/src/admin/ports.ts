import type { Operations } from '@longhaul/core'
import type { RedrivePorts } from './redrive.ts'

export type OperatorPorts = RedrivePorts & {
  operations: Operations
  shards: number
  /** For how long a worker may be silent, milliseconds. */
  lockMs: number
}
