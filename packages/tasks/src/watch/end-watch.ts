import type { Wake } from '@longhaul/core'

export type EndWatch = ReturnType<typeof createEndWatch>

/**
 * Watches for the end of a task from `begin` on. A watch that begins before a turn is stored misses no end of that turn,
 * so that its task need not be read before the wait.
 */
export function createEndWatch(wake: Wake) {
  let watched: string | undefined
  let mayHaveEnded = false
  let woken: (() => void) | undefined
  let unwatch: (() => void) | undefined

  return {
    /** Watches this task, in place of an earlier one. */
    begin(taskId: string): void {
      if (watched === taskId) return
      unwatch?.()
      watched = taskId
      mayHaveEnded = false
      unwatch = wake.watch(taskId, (kind) => {
        if (kind !== undefined && kind !== 'end' && kind !== 'gone') return
        mayHaveEnded = true
        woken?.()
      })
    },

    /** Calls `next` when the task may have ended: now, if that was since the watch began. */
    onWoken(next: () => void): void {
      woken = next
      if (mayHaveEnded) next()
    },

    watches: (taskId: string): boolean => watched === taskId,

    stop(): void {
      unwatch?.()
      watched = undefined
    },
  }
}
