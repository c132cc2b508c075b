import type { RequestedStep, DoneFault, Evidence, ServedCall } from './evidence.ts'
import { deaths, type FaultKind, poisoning, standstill } from '../faults/fault-kinds.ts'

/** The times from each fault until work continued, in milliseconds, by kind of fault. */
export function recoveryTimes(evidence: Evidence): Map<FaultKind, number[]> {
  const times = new Map<FaultKind, number[]>()
  for (const fault of evidence.faults) {
    if (fault.kind === standstill) continue
    const found = isDeath(fault) ? takeovers(fault, evidence) : firstProgress(fault, evidence)
    times.set(fault.kind, [...(times.get(fault.kind) ?? []), ...found])
  }
  return times
}

function isDeath({ kind }: DoneFault): boolean {
  return kind === poisoning || (deaths as readonly FaultKind[]).includes(kind)
}

/** From a worker's death to the next request of each turn that it ran, by another worker. */
function takeovers({ from, victims }: DoneFault, { asked, served }: Evidence): number[] {
  return [...Map.groupBy(asked, ({ responseId }) => responseId)].flatMap(
    ([responseId, requests]) => {
      const last = requests.findLast(({ at }) => at <= from)
      const next = requests.find(({ at }) => at > from)
      const ranHere = last !== undefined && victims.includes(last.worker)
      if (!ranHere || next === undefined || victims.includes(next.worker)) return []
      const call = served.find(
        (each) => each.responseId === responseId && each.at > from + onTheWay,
      )
      return Math.min(next.at, call?.at ?? Infinity) - from
    },
  )
}

/** How much later a request of a dead worker may arrive, in milliseconds. */
const onTheWay = 150

/** From the end of any other fault to the next request of any turn. */
function firstProgress({ to }: DoneFault, { asked, served }: Evidence): number[] {
  const after = (requests: (RequestedStep | ServedCall)[]) =>
    requests.find(({ at }) => at > to)?.at ?? Infinity
  const next = Math.min(after(asked), after(served))
  return next === Infinity ? [] : [next - to]
}
