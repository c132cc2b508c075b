import {
  type Fact,
  hasEnded,
  type TaskStore,
  type TaskView,
  type TimePart,
  timedFact,
  timeParts,
} from '@longhaul/core'
import { visiblePages } from '../find/visible-pages.ts'

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
  for await (const page of visiblePages(taskId, store)) facts.push(...page.map(timedFact))
  return { taskId, live: !hasEnded(status), parts: timeParts(facts, now()) }
}
