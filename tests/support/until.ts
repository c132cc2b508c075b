import { setTimeout as sleep } from 'node:timers/promises'

/** Polls every 20 ms until there is a value. Rejects shortly before the test's own time limit. */
export async function until<T>(look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  const deadline = performance.now() + 110_000
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (performance.now() > deadline) throw new Error('what the test waits for has not come')
    await sleep(20)
  }
}
