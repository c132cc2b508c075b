import { setTimeout as sleep } from 'node:timers/promises'

export type Clock = ReturnType<typeof startClock>

/** The clock of a run's schedule: it stands still while something of the schedule has to wait, so that all of it does. */
export function startClock(signal: AbortSignal) {
  const start = Date.now()
  let late = 0
  return {
    /** Resolves so many milliseconds after the start. */
    async at(ms: number): Promise<void> {
      for (;;) {
        const left = start + ms + late - Date.now()
        if (left <= 0) return
        await sleep(Math.min(left, 500), undefined, { signal })
      }
    },

    /** Stands still until this is done. */
    async during(wait: () => Promise<void>): Promise<void> {
      const from = Date.now()
      await wait()
      late += Date.now() - from
    },
  }
}
