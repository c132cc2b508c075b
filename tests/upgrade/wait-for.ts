import { setTimeout as sleep } from 'node:timers/promises'

/** Looks every 50 ms until there is something to see; rejects after a minute. */
export async function waitFor<T>(look: () => Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + 60_000
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (performance.now() > deadline) throw new Error(`nothing came of ${look.toString()}`)
    await sleep(50)
  }
}
