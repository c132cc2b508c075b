export type NotificationKind = 'fact' | 'delta' | 'end' | 'cancel' | 'gone'

/** Notifies watchers of a task about changes. */
export interface Wake {
  /**
   * Calls `woken` for each change until the returned function is called: with the kind of change and the task's `pos`
   * at that time, or without arguments when anything may have changed.
   */
  watch(taskId: string, woken: (kind?: NotificationKind, pos?: number) => void): () => void
}
