import type { TaskStore } from '@longhaul/core'

/**
 * Deletes a task at once and permanently. A running turn is cancelled first, without grace. False when there is no
 * task.
 */
export async function purgeTask(taskId: string, store: TaskStore): Promise<boolean> {
  for (;;) {
    const outcome = await store.purge(taskId)
    if (outcome !== 'live') return outcome === 'forgotten'
    await store.cancel({ taskId }, { reason: 'the task was deleted', graceMs: 0 })
  }
}
