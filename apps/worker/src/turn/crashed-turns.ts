import { type Claimed, limits } from '@longhaul/core'

export type CrashedTurns = ReturnType<typeof createCrashedTurns>

/**
 * Admits turns that have crashed several workers: one at a time in this process. If such a turn crashes this process,
 * too, no other turn is blamed for it.
 */
export function createCrashedTurns() {
  let running = false
  return {
    isRunning: () => running,

    /** Returns what must be called when the turn has ended; undefined when the turn may not run here now. */
    enter({ deaths }: Pick<Claimed, 'deaths'>): (() => void) | undefined {
      if (deaths < limits.blame.several) return () => {}
      if (running) return undefined
      running = true
      return () => {
        running = false
      }
    },
  }
}
