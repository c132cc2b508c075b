import { findFaults } from '../evidence/find-faults.ts'
import type { DoneFault, Evidence } from '../evidence/evidence.ts'
import { type FaultKind, standstill } from '../faults/fault-kinds.ts'

/** Faults that cut one process off from Redis. */
const kinds: ReadonlySet<FaultKind> = new Set([
  'worker cut off',
  'worker connections refused',
  'API cut off',
  'API connections refused',
])

/** The least number of tasks that must be running all the time: with fewer, the other processes may have no work. */
const crowd = 5

/** Finds faults that cut one process off while no other process worked, although no other fault explains that. */
export function checkNeighbours(evidence: Evidence): string[] {
  return evidence.faults.flatMap((fault) => {
    if (!kinds.has(fault.kind) || !isFairTrial(fault, evidence)) return []
    const { kind, from, to, victims } = fault
    const othersWork = [...evidence.asked, ...evidence.served].some(
      ({ at, ...request }) =>
        at >= from && at <= to && !('worker' in request && victims.includes(request.worker)),
    )
    return othersWork
      ? []
      : [`${kind} (${victims.join()}): no other process worked for ${to - from} ms`]
  })
}

function isFairTrial({ from, to }: DoneFault, { tasks, faults }: Evidence): boolean {
  const underWay = tasks.filter(
    ({ client, script }) =>
      // Others may wait for a limit, or for the end of a pause.
      script.workspace === undefined &&
      client.submittedAt < from &&
      (client.endedAt ?? Infinity) > to,
  )
  if (underWay.length < crowd) return false
  const others = faults.filter(({ kind, victims }) => victims.length === 0 && kind !== standstill)
  const hit = (['worker', 'model', 'tools'] as const).some(
    (of) => findFaults(others, { from, to, of }).length > 0,
  )
  const stood = faults.flatMap((each) =>
    each.kind === standstill ? Math.max(0, Math.min(to, each.to) - Math.max(from, each.from)) : [],
  )
  return !hit && stood.reduce((sum, ms) => sum + ms, 0) < (to - from) / 2
}
