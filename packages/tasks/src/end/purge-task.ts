import type { TaskStore } from '@longhaul/core'

/** Deletes a task at once and for good: what runs is cancelled first, without grace. False when there is none. */
export async function purgeTask(taskId: string, store: TaskStore): Promise<boolean> {
  for (;;) {
    const outcome = await store.purge(taskId)
    if (outcome !== 'live') return outcome === 'forgotten'
    await store.cancel({ taskId }, { reason: 'the task was deleted', graceMs: 0 })
  }
}
