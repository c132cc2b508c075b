import type { Tickets } from '@longhaul/core'
import type { Redis } from 'ioredis'
import type { Transfers } from '../connection/transfers.ts'
import type { ParentChildLinks } from '../lifecycle/parent-child-links.ts'

/** The dependencies of all maintenance operations. */
export type MaintenanceContext = {
  redis: Redis
  transfers: Transfers
  links: ParentChildLinks
  tickets: Tickets | undefined
  /** The time in tests, or `''` for Redis's time. */
  clockTime: () => number | ''
  time: () => Promise<number>
  /** The id of this process. */
  worker: string
}

/** About `limit` entries of a shard. */
export type Batch = { shard: number; limit: number }
