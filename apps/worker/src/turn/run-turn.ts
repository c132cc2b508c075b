import { areNewer, type Attempt, type Job, limits, type LogReservation } from '@longhaul/core'
import type { JobLock, JobOutcome } from '@longhaul/redis'
import type { LiveBytes } from '../capacity/live-bytes.ts'
import type { Suspects } from '../suspects/run-suspect.ts'
import { Stopped } from './attempt.ts'
import { type Claim, claimTurn } from './claim-turn.ts'
import { endUnrunnable, whyUnrunnable } from './end-unrunnable.ts'
import { finishStopped, finishTurn, type FinishDeps } from './finish-turn.ts'
import { type TurnHold, type HoldDeps, holdTurn } from './hold-turn.ts'
import { openLogWriter } from './log-writer.ts'
import { readLog } from './read-log.ts'
import { runSteps, type StepDeps } from './run-steps.ts'
import { leftToNewer, type TurnEnd, unread } from './turn-end.ts'

export type TurnDeps = StepDeps &
  HoldDeps &
  FinishDeps & {
    live: LiveBytes
    /** Runs a suspect. `undefined` in the process of a suspect. */
    suspects: Pick<Suspects, 'run'> | undefined
  }

/** Runs the turn of a job: claims it, runs its steps, and returns the outcome of the job. */
export async function runTurn(
  job: Job,
  lock: JobLock,
  deps: TurnDeps,
  attemptId = deps.newId(),
): Promise<JobOutcome> {
  const { store, drain, live, lockMs, suspects } = deps
  const alone = suspects === undefined
  if (drain.isDraining()) return { type: 'hand-back' }
  const claimedAt = performance.now()
  const claimed = await claimTurn(job, attemptId, {
    store,
    lockMs,
    logs: live.logs,
    alone,
    log: deps.log,
  })
  if (claimed.type === 'suspect') {
    // The process of a suspect never receives this.
    if (suspects === undefined) return { type: 'delay', ms: limits.unavailableDelay }
    return await suspects.run(job, lock, claimed.suspect)
  }
  if (claimed.type !== 'claimed') return claimed

  const { claim, place } = claimed
  const ref = { taskId: job.taskId, turn: job.turn, attempt: attemptId }
  const log = deps.log.child({ taskId: ref.taskId, turn: ref.turn, epoch: claim.epoch })
  const turnDeps = { ...deps, log }
  const held = holdTurn(ref, { lock, claimedAt }, turnDeps)
  try {
    const end = await runClaimed(claim, { ref, place, held }, turnDeps)
    return await finishTurn(end, ref, turnDeps)
  } catch (error) {
    if (!(error instanceof Stopped)) throw error
    return await finishStopped(error, { ref, alone }, turnDeps)
  } finally {
    place.leave()
    held.letGo()
  }
}

/** Rejects with `Stopped` if the attempt has lost the turn. */
async function runClaimed(
  claim: Claim,
  { ref, place, held }: { ref: Attempt; place: LogReservation; held: TurnHold },
  deps: TurnDeps,
): Promise<TurnEnd> {
  const { store, log } = deps
  const read = await readLog(claim, ref, store)
  if (read === undefined) return unread
  if (areNewer(read.facts)) return leftToNewer
  const unrunnable = whyUnrunnable(read)
  if (unrunnable !== undefined) {
    log.error({ why: unrunnable.message }, 'turn is unrunnable')
    return await endUnrunnable(unrunnable, { attempt: ref, claim: read, store })
  }
  const { attempt, heartbeat } = held
  const { workspace, deadline } = claim
  const writer = openLogWriter(store, attempt, read)
  return await runSteps({ workspace, attempt, heartbeat, writer, deadline, log, deps, place })
}
