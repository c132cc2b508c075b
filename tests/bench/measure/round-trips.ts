import { median } from './rounds.ts'
import { startSlowProxy } from './slow-proxy.ts'

/** Far more than a request takes by itself, so that dividing tells the number. */
const delay = 100

/**
 * How often a reply waits for Redis: each wait takes `delay` longer through a slow proxy, and what
 * goes on beside the reply takes nothing. Warm, as most requests are.
 */
export async function roundTrips(
  redisUrl: string,
  open: (
    redisUrl: string,
  ) => Promise<{ request: () => Promise<void>; close: () => Promise<unknown> }>,
): Promise<number> {
  const proxy = await startSlowProxy(redisUrl, delay)
  const { request, close } = await open(proxy.url)
  const times: number[] = []
  for (let count = 0; count < 9; count += 1) {
    const startedAt = performance.now()
    await request()
    times.push(performance.now() - startedAt)
  }
  await close()
  proxy.close()
  return Math.floor(median(times) / delay)
}
