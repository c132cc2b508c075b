import { setTimeout as sleep } from 'node:timers/promises'

/** Polls every few milliseconds, and resolves when the condition holds. Rejects after a while, usually a minute. */
export async function until(
  holds: () => Promise<boolean>,
  every = 10,
  limitMs = 60_000,
): Promise<void> {
  const deadline = performance.now() + limitMs
  while (!(await holds())) {
    if (performance.now() > deadline)
      throw new Error(`it did not come to its end within ${limitMs} ms`)
    await sleep(every)
  }
}
