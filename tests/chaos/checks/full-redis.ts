import type { Check } from './check-function.ts'
import type { DoneFault, Submission, TaskEvidence } from '../evidence/evidence.ts'
import { lostStart } from '../evidence/loss-of-task.ts'
import { outlasted } from '../evidence/long-outage.ts'
import { isPlain } from '../tasks/task-script.ts'

/**
 * A full Redis refuses a request with a 503, and then no part of the request was accepted. Otherwise the reply has the
 * task's id.
 */
export const checkFullRefusals: Check = (task, { faults }) => {
  const { submissions } = task.client
  const within = whileFull(faults)
  return submissions.flatMap((submission, place) => {
    const { status, named } = submission
    if (!within(submission) || status === undefined || status < 300 || named === true) return []
    if (status !== 503) return [`a full Redis was answered as ${status}`]
    // An earlier try that was sent while Redis was not full may have been accepted at any time.
    const sure = task.script.twins !== true && submissions.slice(0, place).every(within)
    return sure ? takenBefore(submission, task) : []
  })
}

/** Whether a request was sent and answered while Redis was full. */
export function whileFull(faults: DoneFault[]): (submission: Submission) => boolean {
  const full = faults.filter(isFull)
  return ({ from, to }) => full.some((each) => each.from <= from && to <= each.to)
}

function takenBefore({ to }: Submission, { final }: TaskEvidence): string[] {
  const taken = final?.facts.find(({ type }) => type === 'turn.started')?.at ?? Infinity
  return taken <= to
    ? ['a full Redis was answered with a 503 without an id, and the request was accepted']
    : []
}

/** A task that was acknowledged before or while Redis was full completes, unless its script says otherwise. */
export const checkFullCompletion: Check = (task, evidence) => {
  const { script, client, final } = task
  const { ids, submittedAt, endedAt = Infinity } = client
  const lived = evidence.faults.filter(
    (each) => isFull(each) && submittedAt <= each.to && endedAt >= each.from,
  )
  if (lived.length === 0 || ids.length === 0) return []
  const isExcused = ids.some(({ taskId }) => lostStart(taskId, evidence))
  if (final?.status !== 200)
    return isExcused ? [] : ['it was acknowledged, and is gone after a full Redis']
  const status = String(final.body['status'])
  const mayFail = !isPlain(script) || script.cancel !== undefined || outlasted(task, evidence)
  const fine = status === 'completed' || (status === 'failed' && mayFail)
  return fine ? [] : [`it was acknowledged, and is ${status} after a full Redis`]
}

function isFull({ kind }: DoneFault): boolean {
  return kind === 'Redis full'
}
