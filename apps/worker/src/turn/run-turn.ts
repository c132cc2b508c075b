import { areNewer, type Attempt, type Claimed, type LogReservation } from '@longhaul/core'
import type { Logger } from '@longhaul/process'
import type { LiveBytes } from '../capacity/live-bytes.ts'
import { Stopped } from './attempt.ts'
import type { ClaimedTurn } from './claim-turn.ts'
import { endUnrunnable, whyUnrunnable } from './end-unrunnable.ts'
import { finishStopped, finishTurn, type FinishDeps } from './finish-turn.ts'
import { type TurnHold, type HoldDeps, holdTurn } from './hold-turn.ts'
import { openLogWriter } from './log-writer.ts'
import type { NextTurn } from './next-turn.ts'
import { readLog } from './read-log.ts'
import { runSteps, type StepDeps } from './run-steps.ts'
import { type AfterEnd, leftToNewer, type TurnEnd, unread } from './turn-end.ts'

export type TurnDeps = StepDeps & HoldDeps & FinishDeps & { live: LiveBytes; log: Logger }

/**
 * Runs a claimed turn until it has ended, is parked or is released. `nextTurn` creates the claim of the next turn, which
 * the end brings along.
 */
export async function runTurn(
  { claim, place, claimedAt }: Extract<ClaimedTurn, { type: 'claimed' }>,
  nextTurn: () => NextTurn | undefined,
  deps: TurnDeps,
): Promise<AfterEnd> {
  const alone = deps.suspects === undefined
  const { taskId, turn, attempt } = claim
  const ref = { taskId, turn, attempt }
  const log = deps.log.child({ taskId, turn, epoch: claim.epoch })
  const held = holdTurn(ref, claimedAt, deps)
  try {
    const end = await runClaimed(claim, { ref, place, held, nextTurn, log }, deps)
    return await finishTurn(end, { ref, log }, deps)
  } catch (error) {
    if (!(error instanceof Stopped)) throw error
    await finishStopped(error, { ref, log, alone }, deps)
    return {}
  } finally {
    place.leave()
    held.letGo()
  }
}

type Running = {
  ref: Attempt
  place: LogReservation
  held: TurnHold
  nextTurn: () => NextTurn | undefined
  log: Logger
}

/** Rejects with `Stopped` if the attempt has lost the turn. */
async function runClaimed(
  claim: Claimed,
  { ref, place, held, nextTurn, log }: Running,
  deps: TurnDeps,
): Promise<TurnEnd> {
  const { store } = deps
  const read = await readLog(claim, ref, store)
  if (read === undefined) return unread
  if (areNewer(read.facts)) return leftToNewer
  const unrunnable = whyUnrunnable(read)
  if (unrunnable !== undefined) {
    log.error({ why: unrunnable.message }, 'turn is unrunnable')
    return await endUnrunnable(unrunnable, { attempt: ref, claim: read, store })
  }
  const { attempt, heartbeat } = held
  const { workspace, deadline, workspaceRates = {}, reserved } = claim
  const writer = openLogWriter(store, attempt, read, nextTurn)
  const rates = { workspaceRates, reserved }
  const run = { workspace, attempt, heartbeat, writer, deadline, log, deps, place }
  return await runSteps({ ...run, ...rates })
}
