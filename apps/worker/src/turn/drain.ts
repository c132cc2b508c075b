import type { RunningAttempt } from './attempt.ts'

export type Drain = ReturnType<typeof createDrain>

/** Knows the attempts of this process and asks them to give their turns back when it must go. */
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
     * From now on each turn is given back at its next commit, one that only waits at once; after
     * `graceMs` those left are aborted and given back.
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
