import type { AskedStep, DoneFault, Evidence } from './evidence.ts'
import { deaths, type FaultKind } from './plan-faults.ts'

/** How long after each fault work went on, milliseconds, by kind of fault. */
export function recoveryTimes({ faults, asked }: Evidence): Map<FaultKind, number[]> {
  const times = new Map<FaultKind, number[]>()
  for (const fault of faults) {
    const found = isDeath(fault) ? takeovers(fault, asked) : [firstProgress(fault, asked)].flat()
    times.set(fault.kind, [...(times.get(fault.kind) ?? []), ...found])
  }
  return times
}

function isDeath({ kind }: DoneFault): boolean {
  return (deaths as readonly FaultKind[]).includes(kind)
}

/** From a worker's death to the next request of each turn that it ran, by another worker. */
function takeovers({ from, victims }: DoneFault, asked: AskedStep[]): number[] {
  const last = new Map<string, AskedStep>()
  const taken: number[] = []
  for (const request of asked) {
    const before = last.get(request.responseId)
    last.set(request.responseId, request)
    if (before === undefined || before.at > from || request.at <= from) continue
    if (!victims.includes(before.worker) || victims.includes(request.worker)) continue
    taken.push(request.at - from)
  }
  return taken
}

/** From the end of any other fault to the next request of any turn. */
function firstProgress({ to }: DoneFault, asked: AskedStep[]): number | [] {
  const next = asked.find(({ at }) => at > to)
  return next === undefined ? [] : next.at - to
}
