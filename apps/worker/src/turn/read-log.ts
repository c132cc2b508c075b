import {
  type Attempt,
  type Claimed,
  isUntouchable,
  LonghaulError,
  type TaskStore,
} from '@longhaul/core'
import { unlessUnavailable } from './unless-unavailable.ts'

/**
 * Returns the claim with its log, which may have been too large for the reply of the claim; undefined if the log cannot
 * be read now. A lost value is also lost for the next worker.
 */
export async function readLog(
  claim: Claimed,
  { taskId }: Attempt,
  store: TaskStore,
): Promise<Claimed | undefined> {
  // The log of a suspect may be the cause of the crashes, so it is not read again.
  if (!claim.unread || isUntouchable(claim)) return claim
  try {
    const facts = await store.facts(taskId)
    return { ...claim, facts, length: facts.length }
  } catch (error) {
    if (error instanceof LonghaulError) return unlessUnavailable(error)
    return { ...claim, unreadable: error instanceof Error ? error.message : String(error) }
  }
}
