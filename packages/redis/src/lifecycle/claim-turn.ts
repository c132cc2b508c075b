import {
  type ClaimReply,
  type Fact,
  factVersion,
  type Job,
  jobId,
  limits,
  LonghaulError,
} from '@longhaul/core'
import { taskKeys } from '../connection/keys.ts'
import type { Transfers } from '../connection/transfers.ts'
import { loadBlobs } from '../log/load-blobs.ts'
import { unpackHeld } from '../log/read-facts.ts'
import { runScript } from '../lua/run-script.ts'
import { claimScript } from '../lua/turn/claim.ts'
import type { StoreContext } from './store-context.ts'

type Claim = {
  job: Job
  attempt: string
  lockMs: number
  isAlone: boolean
  /** The greatest size of the log, in bytes. */
  capacity: number | undefined
}

/** Claims a turn for an attempt, with its facts. */
export async function claimTurn(
  { redis, transfers, clockTime, worker }: StoreContext,
  { job, attempt, lockMs, isAlone, capacity }: Claim,
): Promise<ClaimReply> {
  const { taskId } = job
  const call = claimScript.call(taskKeys(taskId), {
    clockTime: clockTime(),
    taskId,
    job: jobId(taskId, job.turn, job.segment),
    attempt,
    lockMs,
    worker,
    isAlone,
    newestVersion: factVersion,
    maxSentBytes: limits.large,
    suspectCrashes: limits.blame.suspect,
    forgivenStreamed: limits.blame.streamed,
    condemningAlone: limits.blame.alone,
    maxHeldBytes: capacity,
  })
  const reply = await runScript(redis, call)
  if (reply.outcome !== 'claimed') return reply
  const { texts, isUnread, deadline = Infinity, ...claimed } = reply
  return {
    ...claimed,
    deadline,
    ...(isUnread && { unread: true as const }),
    ...(await readable(transfers, taskId, texts)),
  }
}

/** Values that are missing or broken now would be so for the next worker, too. */
async function readable(
  transfers: Transfers,
  taskId: string,
  texts: string[],
): Promise<{ facts: Fact[]; unreadable?: string }> {
  try {
    return { facts: await unpackHeld(texts, loadBlobs(transfers, taskId)) }
  } catch (error) {
    if (error instanceof LonghaulError) throw error
    return { facts: [], unreadable: error instanceof Error ? error.message : String(error) }
  }
}
