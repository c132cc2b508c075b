import {
  areNewer,
  endFromOutside,
  LonghaulError,
  type LogReservation,
  type ModelRates,
  type ModelWait,
  resultOf,
  statusAfter,
  turnSpans,
  turnTimes,
} from '@longhaul/core'
import type { Logger } from '@longhaul/process'
import { act, type ActDeps } from '../actions/act.ts'
import { type RunningAttempt, Stopped } from './attempt.ts'
import type { Drain } from './drain.ts'
import type { Heartbeat } from './heartbeat.ts'
import type { LogWriter } from './log-writer.ts'
import { nextAction } from './next-action.ts'
import { type PlanDeps, readPlan } from './read-plan.ts'
import { closedClass, leftToNewer, taskFull, released, type TurnEnd } from './turn-end.ts'

export type StepDeps = ActDeps &
  PlanDeps & {
    drain: Drain
    /** The patience: how long a failed model call is retried. */
    patienceMs: number
    /** `undefined` in a process that runs one suspect alone. */
    suspects: object | undefined
  }

export type Run = {
  workspace: string
  attempt: RunningAttempt
  heartbeat: Heartbeat
  writer: LogWriter
  deadline: number
  log: Logger
  deps: StepDeps
  place: LogReservation
  /** The rates of models of the workspace, and what the turn has reserved while it was parked. */
  workspaceRates: ModelRates
  reserved: ModelWait['reserved']
}

/** Folds, decides and acts until the turn has ended, is parked, or must be released. Rejects with `Stopped` when the attempt has lost it. */
export async function runSteps(run: Run): Promise<TurnEnd> {
  try {
    return await stepUntilEnd(run)
  } catch (error) {
    if (error instanceof Stopped || error instanceof LonghaulError) throw error
    return await endBroken(error, run)
  }
}

async function stepUntilEnd(run: Run): Promise<TurnEnd> {
  const { attempt, writer, deps } = run
  const recordedBefore = writer.facts.length
  const plan = await readPlan(run)
  if (plan === 'newer') return leftToNewer
  let broken: LonghaulError | undefined
  let hasActed = false
  let { reserved } = run
  for (;;) {
    // What has happened is recorded, even if the attempt must stop.
    const isKeeping = writer.isKeeping()
    if (!isKeeping) attempt.throwIfLost()
    if (areNewer(writer.facts)) {
      if (isKeeping) await writer.recordKept()
      return leftToNewer
    }
    const state = writer.state()
    const { patienceMs } = deps
    const action = nextAction(state, { plan, broken, size: writer.size(), patienceMs })
    if (action.type === 'Finish') {
      const status = statusAfter(action.fact)
      const result = resultOf(state, action.fact, plan?.models[0]?.id ?? '')
      const recorded = await writer.end(action.fact, status, result)
      if (recorded !== undefined) {
        const times = turnTimes(turnSpans(writer.facts, writer.now()))
        return { type: 'ended', status, times, ...recorded }
      }
    } else if (action.type === 'Park' && !isKeeping) {
      const recorded = await writer.park(action)
      if (recorded !== undefined) return { type: 'parked', ...recorded }
    } else {
      const hasRecorded = isKeeping || writer.facts.length > recordedBefore
      const release = whyRelease(run, { hasActed, hasRecorded })
      if (release !== undefined && !isKeeping) return release
      hasActed = true
      // The starts of calls are recorded together with the reply that contains the calls.
      const mayStart = release === undefined && !attempt.signal.aborted
      try {
        if (isKeeping && !(mayStart && action.type === 'RunTools')) await writer.recordKept()
        else if (action.type !== 'Park') {
          const { plan: used } = action
          const isRunOver = () => isOver(run)
          const held = await act(action, { ...run, state, plan: used, isOver: isRunOver, reserved })
          if (action.type === 'CallModel') reserved = held?.wait.reserved
          if (held?.type === 'closed') return closedClass(held)
          if (held !== undefined) {
            const { wait } = held
            const recorded = await writer.park({ until: wait.until, for: wait.kind, wait })
            if (recorded !== undefined) return { type: 'parked', ...recorded }
          }
          if (isKeeping && writer.isKeeping()) await writer.recordKept()
        }
      } catch (error) {
        if (attempt.stopped() === undefined) broken = asFailure(error, run.log)
        const end = await endOfStopped(run)
        if (end !== undefined) return end
      }
    }
  }
}

/** Whether the turn must be released instead of its next action. */
function whyRelease(
  run: Run,
  { hasActed, hasRecorded }: { hasActed: boolean; hasRecorded: boolean },
): TurnEnd | undefined {
  const { drain, suspects } = run.deps
  if (drain.isDraining()) return released
  // All turns together hold too much memory. Checked only after a step, so that each attempt makes progress.
  if (hasActed && isOver(run)) return taskFull
  // A turn that makes progress is no suspect: other suspects need its slot.
  return suspects === undefined && hasRecorded ? released : undefined
}

/** Whether the attempt is over after a failed action. Rejects with `Stopped` if it has lost the turn. */
async function endOfStopped({ attempt, writer }: Run): Promise<TurnEnd | undefined> {
  const stopped = attempt.stopped()
  if (stopped?.reason === 'lost') throw stopped
  if (writer.isKeeping()) await writer.recordKept()
  if (stopped?.reason === 'drain') return released
  // A cancel has recorded its fact in the log, which decides the next action.
  await writer.refresh()
  if (areNewer(writer.facts)) return leftToNewer
  // If Redis lost that fact, an aborted attempt cannot continue, but another attempt can.
  const isCancelled = writer.state().cancelRequested
  return attempt.signal.aborted && !isCancelled ? released : undefined
}

function isOver({ place, writer }: Pick<Run, 'place' | 'writer'>): boolean {
  place.grow(writer.held())
  return place.isOver()
}

/** Facts that break the rules would also fail the next attempt: the turn ends without reading them. */
async function endBroken(error: unknown, { writer, log }: Run): Promise<TurnEnd> {
  const { message } = asFailure(error, log)
  const { fact, status, result } = endFromOutside([], { code: 'internal', message }, '')
  while (!areNewer(writer.facts)) {
    const recorded = await writer.end(fact, status, result)
    if (recorded !== undefined) return { type: 'ended', status, ...recorded }
  }
  return leftToNewer
}

/** An internal error fails the turn visibly: endless retries would be worse. */
function asFailure(error: unknown, log: Logger): LonghaulError {
  log.error({ err: error }, 'turn failed unexpectedly')
  if (error instanceof LonghaulError && error.code === 'invalid') return error
  return new LonghaulError('internal', 'an unexpected error stopped the turn')
}
