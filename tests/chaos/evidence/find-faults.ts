import type { DoneFault } from './evidence.ts'
import {
  deaths,
  type FaultKind,
  loss,
  outages,
  poisoning,
  standstill,
} from '../faults/fault-kinds.ts'

/** The kinds of faults that can make an attempt lose its turn, or make a call of a model or a tool fail. */
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
    'Redis primary killed',
    'Redis primary frozen',
    'Redis slot moved',
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

/** How long after a fault a lease that could not be renewed may expire, so that its turn is taken over. */
const aftermath = 3_500

/** Finds faults that may have affected turns of these workers (or of any worker) between two times. */
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
