import type { TaskEvidence } from './evidence.ts'
import {
  type FailureCode,
  type Outcome,
  type Step,
  type ToolCallScript,
  type Usage,
  usageOf,
} from './task-script.ts'

/** What a task must have come to. */
export type Expected = {
  outcome: Outcome
  /** Those that were answered. */
  steps: Step[]
  usage: Usage | undefined
  /** Each has one result. */
  calls: ToolCallScript[]
  /** Each has one result or none, of whatever kind. */
  openCalls: ToolCallScript[]
}

/** By its script; a task that was cancelled in time has ended where it stood. */
export function expectedOf({ script, final }: TaskEvidence): Expected {
  const { cancel, steps, outcome } = script
  if (cancel === undefined || final?.body['error'] !== 'cancelled') {
    return expected(outcome, steps, steps.length)
  }
  const finished = final.facts.filter(({ type }) => type === 'step.finished').length
  const cancelled: Outcome = { status: 'failed', code: cancelledCode, httpStatus: 409 }
  return expected(cancelled, steps.slice(0, finished), finished - 1)
}

const cancelledCode: FailureCode = 'cancelled'

function expected(outcome: Outcome, steps: Step[], closed: number): Expected {
  return {
    outcome,
    steps,
    usage: usageOf(steps),
    calls: callsOf(steps.slice(0, Math.max(0, closed))),
    openCalls: callsOf(steps.slice(Math.max(0, closed))),
  }
}

function callsOf(steps: Step[]): ToolCallScript[] {
  return steps.flatMap(({ calls }) => calls)
}
