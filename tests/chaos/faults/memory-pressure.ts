import type { RequestedStep, DoneFault, TaskEvidence } from '../evidence/evidence.ts'
import { memoryPressure } from './fault-kinds.ts'

/** How much heap some of the workers have where memory is short, MB. */
export const smallHeap = 256

/** The times at which tasks held much on workers with a small heap: those asked the model with results of such a task. */
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
