import { LRUCache } from 'lru-cache'
import { limits } from '../limits/limits.ts'
import { submitRefused } from '../scheduling/refuse-submit.ts'
import { takeRequest } from '../scheduling/request-rate.ts'
import { quotaAfter, type SubmitQuota } from '../scheduling/submit-quota.ts'

export type KnownQuotas = ReturnType<typeof createKnownQuotas>

/** What workspaces may still submit, as this process has last seen it. */
export function createKnownQuotas({ now, random }: { now: () => number; random: () => number }) {
  const known = new LRUCache<string, { quota: SubmitQuota; at: number }>({
    max: limits.remembered.keys,
  })

  function of(workspace: string): { quota: SubmitQuota; ageMs: number } | undefined {
    const found = known.get(workspace)
    if (found === undefined) return undefined
    const ageMs = Math.max(0, now() - found.at)
    return { quota: quotaAfter(found.quota, ageMs), ageMs }
  }

  return {
    note(workspace: string, quota: SubmitQuota): void {
      known.set(workspace, { quota, at: now() })
    },

    of: (workspace: string): SubmitQuota | undefined => of(workspace)?.quota,

    /**
     * Throws `rate_limited` when the store would refuse a request because of the rate of requests. So a caller that
     * ignores refusals costs the store nothing.
     */
    refuse(workspace: string): void {
      const { quota, ageMs } = of(workspace) ?? { quota: {}, ageMs: 0 }
      // The limit may have been changed, and another shard may have some left.
      if (quota.requests === undefined || quota.isPartial || ageMs > limits.remembered.time) return
      const taken = takeRequest(quota.requests, quota.requests.aheadMs)
      if ('waitMs' in taken && taken.waitMs > replyMs)
        throw submitRefused({ policies: ['requests'], waitMs: taken.waitMs }, random)
    },
  }
}

/** A quota may be this much older than the reply of the store that has brought it. */
const replyMs = 20
