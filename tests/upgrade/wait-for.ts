import { setTimeout as sleep } from 'node:timers/promises'

/** Polls every 50 ms until there is a value. Rejects after a minute. */
export async function waitFor<T>(look: () => Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + 60_000
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (performance.now() > deadline) throw new Error(`nothing came of ${look.toString()}`)
    await sleep(50)
  }
}
