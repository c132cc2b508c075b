import type { Result } from '../log/turn-result.ts'

export type NotificationKind = 'fact' | 'delta' | 'end' | 'cancel' | 'gone'

/** The turn that has ended, with its result. */
export type AnnouncedEnd = { turn: number; result: Result }

/** Notifies watchers of a task about changes. */
export interface Wake {
  /**
   * Calls `woken` for each change until the returned function is called: with the kind of change and the task's `pos`
   * at that time, or without arguments when anything may have changed. The notification of an end may contain the result, if
   * a caller waits and the result is small.
   */
  watch(
    taskId: string,
    woken: (kind?: NotificationKind, pos?: number, ended?: AnnouncedEnd) => void,
  ): () => void
}
