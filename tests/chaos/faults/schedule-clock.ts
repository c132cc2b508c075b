import { setTimeout as sleep } from 'node:timers/promises'

export type Clock = ReturnType<typeof startClock>

/** The clock of a run's schedule. It stops while a part of the schedule has to wait, so that all parts wait. */
export function startClock(signal: AbortSignal) {
  const start = Date.now()
  let late = 0
  return {
    /** Resolves this number of milliseconds after the start. */
    async at(ms: number): Promise<void> {
      for (;;) {
        const left = start + ms + late - Date.now()
        if (left <= 0) return
        await sleep(Math.min(left, 500), undefined, { signal })
      }
    },

    /** Stops the clock until this work has ended. */
    async during(wait: () => Promise<void>): Promise<void> {
      const from = Date.now()
      await wait()
      late += Date.now() - from
    },
  }
}
