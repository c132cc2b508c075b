import type { RunningAttempt } from './attempt.ts'

export type Drain = ReturnType<typeof createDrain>

/** Tracks the attempts of this process, and asks them to release their turns when it shuts down. */
export function createDrain() {
  const attempts = new Set<RunningAttempt>()
  let draining = false
  let over = false
  return {
    isDraining: () => draining,
    running: () => attempts.size,

    enter(attempt: RunningAttempt): () => void {
      attempts.add(attempt)
      if (over) stop(attempt)
      return () => attempts.delete(attempt)
    },

    /**
     * Releases each turn at its next commit from now on, and turns that only wait at once. After `graceMs` the others
     * are aborted and released.
     */
    begin(graceMs: number): void {
      draining = true
      for (const attempt of attempts) if (attempt.isResting()) stop(attempt)
      setTimeout(() => {
        over = true
        for (const attempt of attempts) stop(attempt)
      }, graceMs).unref()
    },
  }
}

function stop(attempt: RunningAttempt): void {
  attempt.stop('drain', 'the worker is going away')
}
