import { type Attempt, isUntouchable, LonghaulError, type TaskStore } from '@longhaul/core'
import type { Claim } from './claim-turn.ts'
import { unlessUnavailable } from './unless-unavailable.ts'

/**
 * The claim with its log, which may have been too large to come with it; undefined when it cannot be read now. That a
 * value is lost will be so for the next worker, too.
 */
export async function readLog(
  claim: Claim,
  { taskId }: Attempt,
  store: TaskStore,
): Promise<Claim | undefined> {
  // What may be what kills is not looked at again.
  if (!claim.unread || isUntouchable(claim)) return claim
  try {
    const facts = await store.facts(taskId)
    return { ...claim, facts, length: facts.length }
  } catch (error) {
    if (error instanceof LonghaulError) return unlessUnavailable(error)
    return { ...claim, unreadable: error instanceof Error ? error.message : String(error) }
  }
}
