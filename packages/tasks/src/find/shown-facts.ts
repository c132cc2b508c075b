import type { Fact, TaskStore } from '@longhaul/core'
import { withoutSoftDeleted } from './hidden-turns.ts'

/** What a task has recorded, without the turns of deleted responses. */
export async function visibleFacts(taskId: string, store: TaskStore): Promise<Fact[]> {
  const facts = await store.readableFacts(taskId)
  // Read last: it has what was deleted meanwhile.
  const view = await store.view(taskId)
  return withoutSoftDeleted(facts, view?.hidden)
}
