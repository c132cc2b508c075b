import { median } from './rounds.ts'
import { startSlowProxy } from './slow-proxy.ts'

/** Far longer than a request takes by itself, so that a division gives the number of round trips. */
const delay = 100

/**
 * Counts how often a reply waits for Redis: through a slow proxy each wait takes `delay` longer. Work in
 * parallel to the reply is not counted. Caches are warm, as for most requests.
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
