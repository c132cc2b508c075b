export type WakeSignal = ReturnType<typeof createWakeSignal>

/** Wakes one waiter. A wake-up before the wait is not lost. Closes after `ms` milliseconds, or with the signal. */
export function createWakeSignal(signal: AbortSignal, ms?: number) {
  let wakeUps = 0
  let closed = signal.aborted
  let waiter: (() => void) | undefined
  const close = (): void => {
    closed = true
    waiter?.()
  }
  const timer = ms === undefined ? undefined : setTimeout(close, ms)
  let later: NodeJS.Timeout | undefined
  signal.addEventListener('abort', close, { once: true })

  function wake(): void {
    wakeUps += 1
    waiter?.()
  }

  return {
    wake,

    wakeIn(delay: number): void {
      clearTimeout(later)
      later = setTimeout(wake, delay)
    },

    /**
     * Resolves with true at the next wake-up, or at once after one since the last call; with false when it is closed.
     */
    async woken(): Promise<boolean> {
      if (wakeUps === 0 && !closed) {
        await new Promise<void>((resolve) => {
          waiter = resolve
        })
      }
      wakeUps = 0
      return !closed
    },

    stop(): void {
      clearTimeout(timer)
      clearTimeout(later)
      signal.removeEventListener('abort', close)
    },
  }
}
