import type { Fact, TaskStore } from '@longhaul/core'
import { withoutHidden } from './hidden-turns.ts'

/** What a task has recorded, without the turns of deleted responses. */
export async function shownFacts(taskId: string, store: TaskStore): Promise<Fact[]> {
  const facts = await store.told(taskId)
  // Read last: it has what was deleted meanwhile.
  const view = await store.view(taskId)
  return withoutHidden(facts, view?.hidden)
}
