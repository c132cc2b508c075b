export type Bell = ReturnType<typeof createBell>

/** Wakes one sleeper; a ring before the sleep is not lost. It falls silent after `ms` milliseconds, or with the signal. */
export function createBell(signal: AbortSignal, ms?: number) {
  let rings = 0
  let over = signal.aborted
  let sleeper: (() => void) | undefined
  const fallSilent = (): void => {
    over = true
    sleeper?.()
  }
  const timer = ms === undefined ? undefined : setTimeout(fallSilent, ms)
  let later: NodeJS.Timeout | undefined
  signal.addEventListener('abort', fallSilent, { once: true })

  function ring(): void {
    rings += 1
    sleeper?.()
  }

  return {
    ring,

    ringIn(delay: number): void {
      clearTimeout(later)
      later = setTimeout(ring, delay)
    },

    /** Resolves with the next ring, or with one since the last call; false when the bell has fallen silent. */
    async rung(): Promise<boolean> {
      if (rings === 0 && !over) {
        await new Promise<void>((resolve) => {
          sleeper = resolve
        })
      }
      rings = 0
      return !over
    },

    stop(): void {
      clearTimeout(timer)
      clearTimeout(later)
      signal.removeEventListener('abort', fallSilent)
    },
  }
}
