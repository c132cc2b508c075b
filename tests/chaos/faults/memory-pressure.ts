import type { RequestedStep, DoneFault, TaskEvidence } from '../evidence/evidence.ts'
import { memoryPressure } from './fault-kinds.ts'

/** The heap of the workers that are short of memory, in MB. */
export const smallHeap = 256

/** Finds when workers with a small heap ran heavy tasks: they sent the model the results of such a task. */
export function findPressures(
  tasks: TaskEvidence[],
  { asked, small }: { asked: readonly RequestedStep[]; small: ReadonlySet<string> },
): DoneFault[] {
  const heavy = tasks.filter(({ script }) => script.heavy !== undefined)
  return [...Map.groupBy(heavy, ({ script }) => script.heavy).values()].flatMap((wave) => {
    const numbers = new Set(wave.map(({ script }) => script.number))
    const loaded = asked.filter(
      ({ task, step, worker }) => numbers.has(task) && step > 1 && small.has(worker),
    )
    if (loaded.length === 0) return []
    const ends = wave.map(({ client }) => client.endedAt ?? 0)
    return {
      kind: memoryPressure,
      from: Math.min(...loaded.map(({ at }) => at)),
      to: Math.max(...loaded.map(({ at }) => at), ...ends),
      victims: [...new Set(loaded.map(({ worker }) => worker))],
    }
  })
}
