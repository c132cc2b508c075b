import type { BucketRange } from '../usage/grains.ts'
import type { UsageCounts, UsageGroup } from '../usage/usage-counts.ts'

export type UsageQuery = BucketRange & { workspace: string; by?: UsageGroup | undefined }

/** The turns that ended in the time of a bucket. `value` is the agent's id, the model or the identity; '' for others. */
export type UsageRow = { start: number; value?: string; counts: UsageCounts }

/** What workspaces have used, in time buckets. */
export interface UsageStore {
  /** Counts ended turns of a shard, each exactly once. Returns whether more are left. */
  count(shard: number, limit: number): Promise<{ counted: number; isMoreLeft: boolean }>
  /** The buckets of a range in which a turn has ended, the earliest first. */
  read(query: UsageQuery): Promise<UsageRow[]>
  /** How many tasks began in each bucket of a range and are still kept, by the start of the bucket. */
  started(query: Omit<UsageQuery, 'by'>): Promise<Map<number, number>>
}
