import type { RequestRate } from './request-rate.ts'
import type { WorkspaceLimits } from './workspace-limits.ts'

/** The limits that can refuse a submit, and the number of shards among which they are divided. */
export type SubmitLimits = Pick<
  WorkspaceLimits,
  'requestsPerSecond' | 'burst' | 'queued' | 'tasks' | 'bytes'
>

/** The name of such a limit in a refusal. */
export type SubmitPolicy = 'requests' | 'queued' | 'tasks' | 'bytes'

/** What a workspace may still submit, as the store has counted it with a submit. */
export type SubmitQuota = {
  /** `aheadMs` is the state of the rate. */
  requests?: RequestRate & { aheadMs: number }
  queued?: { limit: number; now: number }
  /** Whether this is the quota of one shard, and the workspace has more of them. */
  isPartial?: true
}

/** The same quota after some time in which nothing was submitted. */
export function quotaAfter({ requests, ...others }: SubmitQuota, ms: number): SubmitQuota {
  if (requests === undefined) return others
  return { ...others, requests: { ...requests, aheadMs: Math.max(0, requests.aheadMs - ms) } }
}
