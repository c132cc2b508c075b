import type { DoneFault } from './evidence.ts'
import {
  deaths,
  type FaultKind,
  loss,
  outages,
  poisoning,
  standstill,
} from '../faults/fault-kinds.ts'

/** What can make an attempt lose its turn, and what can make a call of the model or of a tool fail. */
const causes = {
  worker: [
    ...deaths,
    poisoning,
    loss,
    standstill,
    'workers restarted',
    'worker replies lost',
    'Redis killed',
    'Redis frozen',
    'Redis full',
    'Redis disk full',
    'Redis read-only',
    'Redis connections reset',
  ],
  model: [
    ...outages,
    'model connections reset',
    'model lines dead',
    'model replies lost',
    standstill,
  ],
  tools: ['tool connections reset', 'tool lines dead', 'tool replies lost', standstill],
  anybody: [standstill],
} satisfies Record<string, FaultKind[]>

/** A lease that a fault kept from being prolonged may run out this much later, and its turn be taken then. */
const aftermath = 3_500

/** The faults of some kinds that may tell on what happened between two times to turns of these workers (or of any). */
export function findFaults(
  faults: DoneFault[],
  options: { from: number; to: number; of: keyof typeof causes; workers?: Set<string> },
): DoneFault[] {
  const { from, to, workers } = options
  const kinds: FaultKind[] = causes[options.of]
  return faults.filter(
    (fault) =>
      kinds.includes(fault.kind) &&
      fault.from <= to &&
      fault.to + aftermath >= from &&
      (workers === undefined ||
        fault.victims.length === 0 ||
        fault.victims.some((name) => workers.has(name))),
  )
}
