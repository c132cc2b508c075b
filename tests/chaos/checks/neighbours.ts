import { findFaults } from '../evidence/find-faults.ts'
import type { DoneFault, Evidence } from '../evidence/evidence.ts'
import { type FaultKind, standstill } from '../faults/fault-kinds.ts'

/** One process alone has no line to Redis. */
const kinds: ReadonlySet<FaultKind> = new Set([
  'worker cut off',
  'worker connections refused',
  'API cut off',
  'API connections refused',
])

/** So many tasks must be under way all the time, or there is nothing to go on with. */
const crowd = 5

/** Times at which one process was cut off and no other went on, though nothing had befallen all of them. */
export function checkNeighbours(evidence: Evidence): string[] {
  return evidence.faults.flatMap((fault) => {
    if (!kinds.has(fault.kind) || !isFairTrial(fault, evidence)) return []
    const { kind, from, to, victims } = fault
    const goesOn = [...evidence.asked, ...evidence.served].some(
      ({ at, ...request }) =>
        at >= from && at <= to && !('worker' in request && victims.includes(request.worker)),
    )
    return goesOn
      ? []
      : [`${kind} (${victims.join()}): nobody else did anything for ${to - from} ms`]
  })
}

function isFairTrial({ from, to }: DoneFault, { tasks, faults }: Evidence): boolean {
  const underWay = tasks.filter(
    ({ client }) => client.submittedAt < from && (client.endedAt ?? Infinity) > to,
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
