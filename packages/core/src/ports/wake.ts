export type NotificationKind = 'fact' | 'delta' | 'end' | 'cancel' | 'gone'

/** Notifies watchers of a task that something happened to it. */
export interface Wake {
  /**
   * Until the returned function is called, `woken` is: with what happened and the task's `pos` then, or
   * with nothing when anything may have happened.
   */
  watch(taskId: string, woken: (kind?: NotificationKind, pos?: number) => void): () => void
}
