import {
  type Fact,
  hasEnded,
  type TaskStore,
  type TaskView,
  type TimePart,
  timedFact,
  timeParts,
} from '@longhaul/core'
import { unknownTask } from '../find/find-task.ts'
import { turnAt, withoutSoftDeleted } from '../find/hidden-turns.ts'

/** What the time of a task was spent for, up to the end of its latest turn or to now. */
export type TaskTime = { taskId: string; live: boolean; parts: TimePart[] }

/**
 * Reads the log in pages and keeps of each fact only what explains its time. Rejects with not_found. The turns of
 * deleted responses are left out: their time counts as the time between turns.
 */
export async function readTime(
  { taskId, status }: TaskView,
  { store, now }: { store: TaskStore; now: () => number },
): Promise<TaskTime> {
  const facts: Fact[] = []
  let turn = 1
  let number = 0
  for (;;) {
    const page = await store.read(taskId, { fact: number, pos: noDeltas })
    if (page === undefined) throw unknownTask(taskId)
    const read = page.entries.filter((entry) => entry.type !== 'delta')
    const last = read.at(-1)
    if (last === undefined) break
    facts.push(...withoutSoftDeleted(read, page.hidden, turn).map(timedFact))
    turn = read.reduce((current, fact) => turnAt(fact, current), turn)
    number += read.length
    if (last.pos >= page.pos) break
  }
  return { taskId, live: !hasEnded(status), parts: timeParts(facts, now()) }
}

/** No delta has a number above this one. */
const noDeltas = Number.MAX_SAFE_INTEGER
