import type { ModelBuckets, Tickets } from '@longhaul/core'
import type { Redis } from 'ioredis'
import type { Transfers } from '../connection/transfers.ts'
import type { ModelClasses } from '../rates/model-classes.ts'
import type { ParentChildLinks } from './parent-child-links.ts'

/** The dependencies of all operations of the task store. */
export type StoreContext = {
  redis: Redis
  transfers: Transfers
  links: ParentChildLinks
  /** Absent where no worker needs to be woken: in some tests. */
  tickets: Tickets | undefined
  /** The shards of which the latest submit wanted a ticket, so that the next one very likely wants one, too. */
  wantingShards: Set<number>
  /** The time in tests, or `''` for Redis's time. */
  clockTime: () => number | ''
  /** The id under which this process sends heartbeats. */
  worker: string | undefined
  /** The limit of caller metadata of a workspace in one shard, in bytes. */
  maxMetadataBytes: number
  /** How much later a turn starts for each step of its priority. */
  ageingMs: number
  /** Whether new tasks can be found by the words of their first message. */
  search: boolean
  modelClasses: ModelClasses
  buckets: ModelBuckets
}
