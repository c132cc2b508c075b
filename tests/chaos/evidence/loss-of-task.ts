import type { ClientEvidence, Evidence, LostFacts } from './evidence.ts'

type Failovers = Pick<Evidence, 'failovers'>

/** What failovers have lost of one request and its tasks. */
export type LossOfTask = {
  facts: LostFacts['facts']
  /** Whether its idempotency key was lost, so that its repeat is another request. */
  isUnbound: boolean
}

/** What failovers have lost of a client's request; undefined when nothing. Parts of streams count, too. */
export function lossOfTask(
  { ids, requestHash }: Pick<ClientEvidence, 'ids' | 'requestHash'>,
  { failovers }: Failovers,
): LossOfTask | undefined {
  const own = new Set(ids.map(({ taskId }) => taskId))
  const lost = failovers
    .flatMap((failover) => failover.lost)
    .filter(({ taskId }) => own.has(taskId))
  const isUnbound = failovers.some(({ lostRequests }) => lostRequests.includes(requestHash ?? ''))
  if (lost.length === 0 && !isUnbound) return undefined
  return { facts: lost.flatMap(({ facts }) => facts), isUnbound }
}

/** Whether the start of a task was lost: then the task is gone, or another one stands in its place. */
export function lostStart(taskId: string, { failovers }: Failovers): boolean {
  return failovers.some(({ lost }) =>
    lost.some(
      (each) => each.taskId === taskId && each.facts.some(({ type }) => type === 'turn.started'),
    ),
  )
}

/** How often the record of a step was lost. */
export function lostSteps(loss: LossOfTask | undefined, step: number): number {
  return count(loss, (fact) => fact.type === 'step.finished' && fact.step === step)
}

/** How often the record of a call was lost, or that of the step that made it. */
export function lostCalls(loss: LossOfTask | undefined, callId: string): number {
  const step = Number(/_s(\d+)_/.exec(callId)?.[1])
  return count(loss, (fact) => fact.callId === callId) + lostSteps(loss, step)
}

function count(
  loss: LossOfTask | undefined,
  holds: (fact: LostFacts['facts'][number]) => boolean,
): number {
  return (loss?.facts ?? []).filter(holds).length
}
