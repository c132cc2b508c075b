import type { Fact, TaskStore } from '@longhaul/core'
import { withoutSoftDeleted } from './hidden-turns.ts'

/** The facts of a task, without the turns of deleted responses. */
export async function visibleFacts(taskId: string, store: TaskStore): Promise<Fact[]> {
  const facts = await store.readableFacts(taskId)
  // Read after the facts, so that it knows the responses that were deleted meanwhile.
  const view = await store.view(taskId)
  return withoutSoftDeleted(facts, view?.hidden)
}
