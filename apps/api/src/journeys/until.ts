import { setTimeout as sleep } from 'node:timers/promises'

/** Looks every 20 ms for what a test waits for; rejects after ten seconds. */
export async function until<T>(look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  const deadline = performance.now() + 10_000
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (performance.now() > deadline) throw new Error('waited for ten seconds')
    await sleep(20)
  }
}
