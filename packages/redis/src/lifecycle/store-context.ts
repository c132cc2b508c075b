import type { Redis } from 'ioredis'
import type { Transfers } from '../connection/transfers.ts'
import type { ParentChildLinks } from './parent-child-links.ts'

/** What the verbs of the task store share. */
export type StoreContext = {
  redis: Redis
  transfers: Transfers
  links: ParentChildLinks
  /** The time for tests, or `''` for Redis's own. */
  clockTime: () => number | ''
  /** The id under which this process reports that it lives. */
  worker: string | undefined
  /** How many bytes of caller metadata a workspace may have in one shard. */
  maxMetadataBytes: number
}
