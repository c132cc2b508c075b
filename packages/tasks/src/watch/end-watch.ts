import type { AnnouncedEnd, Result, Wake } from '@longhaul/core'

export type EndWatch = ReturnType<typeof createEndWatch>

/**
 * Watches for the end of a task from `begin` on. A watch that begins before a turn is stored misses no end of that turn,
 * so that its task need not be read before the wait.
 */
export function createEndWatch(wake: Wake) {
  let watched: string | undefined
  let mayHaveEnded = false
  let announced: AnnouncedEnd | undefined
  let woken: (() => void) | undefined
  let unwatch: (() => void) | undefined

  return {
    /** Watches this task, in place of an earlier one. */
    begin(taskId: string): void {
      if (watched === taskId) return
      unwatch?.()
      watched = taskId
      mayHaveEnded = false
      announced = undefined
      unwatch = wake.watch(taskId, (kind, _pos, ended) => {
        if (kind !== undefined && kind !== 'end' && kind !== 'gone') return
        mayHaveEnded = true
        announced = ended ?? announced
        woken?.()
      })
    },

    /** Calls `next` when the task may have ended: now, if that was since the watch began. */
    onWoken(next: () => void): void {
      woken = next
      if (mayHaveEnded) next()
    },

    /** The result of a turn of the task, if it came with its end. */
    resultOf: (turn: number): Result | undefined =>
      announced?.turn === turn ? announced.result : undefined,

    watches: (taskId: string): boolean => watched === taskId,

    stop(): void {
      unwatch?.()
      watched = undefined
    },
  }
}
