import { limits } from '@longhaul/core'
import type { Check } from './check-function.ts'
import { lossOfTask, type LossOfTask, lostCalls, lostSteps } from '../evidence/loss-of-task.ts'
import { findFaults } from '../evidence/find-faults.ts'
import type {
  RequestedStep,
  DoneFault,
  Evidence,
  ServedCall,
  TaskEvidence,
} from '../evidence/evidence.ts'

/**
 * A step that was followed by another step, or by the end, had been recorded: it is not requested again.
 * Before that it is requested as often as its script says, and once more for each fault that hit it. Requests that a
 * vendor refuses during an outage do not count. A record that a failover has lost is made once more.
 */
export const checkRepeats: Check = (task, evidence) => {
  const responseId = task.client.ids[0]?.responseId
  const loss = lossOfTask(task.client, evidence)
  const asked = evidence.asked.filter((request) => request.responseId === responseId)
  const served = evidence.served.filter((request) => request.responseId === responseId)
  return [
    ...lateRequests(asked, { task, loss, faults: evidence.faults }),
    ...task.script.steps.flatMap(({ requests }, place) => {
      const step = place + 1
      const all = asked.filter((request) => request.step === step && request.refused !== true)
      const usual = requests + lostSteps(loss, step)
      return tooMany(`step ${step}`, { all, usual, perFault: 1, evidence })
    }),
    ...[...new Set(served.map(({ callId }) => callId))].flatMap((callId) => {
      const all = served.filter((request) => request.callId === callId)
      const lost = lostCalls(loss, callId)
      const { usual, perFault } = triesOf(callId, task)
      return [
        ...tooMany(`call ${callId}`, { all, evidence, usual: usual + lost * perFault, perFault }),
        ...(lost > 0 ? [] : lateCalls(callId, all, { asked, faults: evidence.faults })),
      ]
    }),
  ]
}

/** Requests of a step after the first request of the next step, or after the end. */
function lateRequests(
  asked: RequestedStep[],
  { task, loss, faults }: { task: TaskEvidence; loss: LossOfTask | undefined; faults: DoneFault[] },
): string[] {
  return asked.flatMap((request) => {
    const next = asked.find(({ step }) => step > request.step)
    const recordedAt = Math.min(next?.at ?? Infinity, task.client.endedAt ?? Infinity)
    if (request.at <= recordedAt || mayBeLate(request, faults)) return []
    if (lostSteps(loss, request.step) > 0) return []
    const late = request.at - recordedAt
    return [`${request.worker} asked step ${request.step} ${late} ms after it was recorded`]
  })
}

function lateCalls(
  callId: string,
  all: ServedCall[],
  { asked, faults }: { asked: RequestedStep[]; faults: DoneFault[] },
): string[] {
  const step = Number(/_s(\d+)_/.exec(callId)?.[1])
  const next = asked.find((request) => request.step > step)
  if (next === undefined) return []
  return all
    .filter((request) => request.at > next.at && !mayBeLate(request, faults))
    .map(({ at }) => `call ${callId} was made ${at - next.at} ms after it was recorded`)
}

/**
 * A process that was frozen between its last check and its request sends the request when it resumes: no fence can
 * prevent that. A machine that is too busy delivers requests late.
 */
function mayBeLate(request: { at: number; worker?: string }, faults: DoneFault[]): boolean {
  const { at } = request
  return (
    justThawed(request, faults) ||
    findFaults(faults, { from: at, to: at, of: 'anybody' }).length > 0
  )
}

function justThawed({ at, worker }: { at: number; worker?: string }, faults: DoneFault[]): boolean {
  return faults.some(
    ({ kind, to, victims }) =>
      (kind === 'worker frozen' || kind === 'worker blocked') &&
      (worker === undefined || victims.includes(worker)) &&
      at >= to &&
      at - to < 500,
  )
}

/** How often a request is made without faults, and how often more for each fault that hits it. */
type Tries = { usual: number; perFault: number }

/** The product repeats a repeatable call when its service ends the connection or is unreachable. */
function triesOf(callId: string, { script }: TaskEvidence): Tries {
  const calls = script.steps.flatMap((step) => step.calls)
  const once = calls.find(({ id }) => id === callId)?.tool === 'order'
  return once ? { usual: 1, perFault: 1 } : { usual: limits.toolTries, perFault: limits.toolTries }
}

type Asked = { at: number; worker?: string }

function tooMany(
  what: string,
  { all, usual, perFault, evidence }: Tries & { all: Asked[]; evidence: Evidence },
): string[] {
  const repeats = all.length - usual
  if (repeats <= 0) return []
  const workers = new Set(all.flatMap(({ worker }) => worker ?? []))
  const window = { from: all[0]?.at ?? 0, to: all.at(-1)?.at ?? 0 }
  const faults = [
    ...findFaults(evidence.faults, {
      ...window,
      of: 'worker',
      ...(workers.size > 0 && { workers }),
    }),
    ...findFaults(evidence.faults, { ...window, of: 'model' }),
  ]
  if (repeats <= faults.length * perFault) return []
  const hits = faults.map(({ kind }) => kind).join(', ') || 'none'
  return [`${what} was asked ${all.length} times and not ${usual}; faults that hit it: ${hits}`]
}
