import {
  type Claimed,
  limits,
  type LogMemory,
  type LogReservation,
  type NextReply,
  type SuspectTurn,
  type TaskStore,
  type TurnRef,
} from '@longhaul/core'
import { unlessUnavailable } from './unless-unavailable.ts'

/**
 * A claimed turn and the capacity for its log, a suspect that needs its own process, `retry` when the next claim may find
 * another turn at once, or `none`.
 */
export type ClaimedTurn =
  | { type: 'claimed'; claim: Claimed; place: LogReservation; claimedAt: number }
  | { type: 'suspect'; suspect: SuspectTurn }
  | { type: 'retry' }
  | { type: 'none' }

type Options = { store: TaskStore; lockMs: number; logs: LogMemory; newId: () => string }

/** Turns the reply to a claim into a turn that may run. `claimedAt` is the time when the claim was first sent. */
export async function acceptClaim(
  reply: NextReply,
  claimedAt: number,
  options: Options,
): Promise<ClaimedTurn> {
  switch (reply.outcome) {
    case 'claimed': {
      const place = options.logs.add(reply.workspace, reply.held)
      return { type: 'claimed', claim: reply, place, claimedAt }
    }
    case 'suspect':
      return { type: 'suspect', suspect: reply }
    case 'large':
      return await claimLarge(reply, options)
    case 'lost':
      return { type: 'retry' }
    case 'none':
      return { type: 'none' }
  }
}

/** Reserves the capacity for a large log, and claims its turn. Without capacity the turn waits, and others run. */
async function claimLarge(
  { bytes, workspace, ...turn }: TurnRef & { bytes: number; workspace: string },
  { store, lockMs, logs, newId }: Options,
): Promise<ClaimedTurn> {
  const place = logs.enter(turn.taskId, workspace, bytes)
  if ('waitMs' in place) {
    const { postponed } = await store.postpone(turn, place.waitMs)
    // Another slot has claimed it.
    if (!postponed) logs.forget(turn.taskId)
    return { type: 'retry' }
  }
  try {
    const claimedAt = performance.now()
    const claim = await store.claim(turn, newId(), lockMs)
    if (claim.outcome === 'claimed') return { type: 'claimed', claim, place, claimedAt }
    place.leave()
    return claim.outcome === 'suspect' ? { type: 'suspect', suspect: claim } : { type: 'retry' }
  } catch (error) {
    place.leave()
    throw error
  }
}

type NamedOptions = Pick<Options, 'store' | 'lockMs' | 'logs'>

/** Claims a turn by its name, as the only turn of this process. Returns undefined if the turn cannot be claimed now. */
export async function claimAlone(
  turn: TurnRef,
  attempt: string,
  { store, lockMs, logs }: NamedOptions,
): Promise<Extract<ClaimedTurn, { type: 'claimed' }> | undefined> {
  const claimedAt = performance.now()
  const claim = await store.claim(turn, attempt, lockMs, { alone: true }).catch(unlessUnavailable)
  if (claim?.outcome !== 'claimed') return undefined
  const place = logs.add(claim.workspace, claim.held)
  return { type: 'claimed', claim, place, claimedAt }
}

/** The capacity that a log may use without a reservation. */
export const smallLog = limits.liveBytes.smallLog
