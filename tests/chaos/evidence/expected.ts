import type { DoneFault, Evidence, TaskEvidence } from './evidence.ts'
import { isOutage } from '../faults/fault-kinds.ts'
import { impatientAgent } from '../cluster/create-agents.ts'
import { outlasted } from './long-outage.ts'
import {
  type FailureCode,
  type Outcome,
  type Step,
  type ToolCallScript,
  type Usage,
  usageOf,
} from '../tasks/task-script.ts'

/** The expected result of a task. */
export type Expected = {
  outcome: Outcome
  /** The steps that were answered. */
  steps: Step[]
  usage: Usage | undefined
  /** Calls with exactly one result. */
  calls: ToolCallScript[]
  /** Calls with at most one result, of any kind. */
  openCalls: ToolCallScript[]
}

/**
 * The result by the task's script. A task that was cancelled in time, that did not wait for the end of an outage, or
 * whose patience outages outlasted, has ended at its current step.
 */
export function expectedOf(
  task: TaskEvidence,
  evidence: Pick<Evidence, 'faults' | 'asked'>,
): Expected {
  const { script, final } = task
  const { cancel, steps, outcome, agent } = script
  const finished = final?.facts.filter(({ type }) => type === 'step.finished').length ?? 0
  if (cancel !== undefined && final?.body['error'] === 'cancelled') {
    const cancelled: Outcome = { status: 'failed', code: cancelledCode, httpStatus: 409 }
    return expected(cancelled, steps.slice(0, finished), finished - 1)
  }
  if (outlasted(task, evidence)) {
    const failed: Outcome = { status: 'failed', code: 'provider_failed', httpStatus: 429 }
    return expected(failed, steps.slice(0, finished), finished)
  }
  if (agent === impatientAgent && outagesIn(task, evidence.faults).length > 0) {
    return expected(outcome, steps.slice(0, finished), finished)
  }
  return expected(outcome, steps, steps.length)
}

/** The outages during a task. */
function outagesIn({ client }: TaskEvidence, faults: DoneFault[]): DoneFault[] {
  const { submittedAt, endedAt = Infinity } = client
  return faults.filter(
    ({ kind, from, to }) => isOutage(kind) && from <= endedAt && to >= submittedAt,
  )
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
