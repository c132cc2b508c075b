import { Redis } from 'ioredis'
import { median } from '../measure/rounds.ts'
import { startReplicated } from './primary-replica.ts'

/** With `waits`, a write is acknowledged when a replica has received it. `ms`: before the failover, and of the cut. */
type Options = { waits: boolean; ms: number }
type AtEnd = (step: () => unknown) => void

const connections = 32
/** The longest wait for a replica, milliseconds. */
const patience = 100

/** Writes without the product: how many a second, and how many that were acknowledged a failover loses. */
export async function runWrites({ waits, ms }: Options, atEnd: AtEnd) {
  const { primary, follower, failOver } = await startReplicated([], atEnd)
  const keys: string[] = []
  const times: number[] = []
  let isCut = false

  async function write(connection: number): Promise<void> {
    const redis = new Redis(primary.url, { maxRetriesPerRequest: 0, retryStrategy: () => null })
    redis.on('error', () => {})
    try {
      for (let count = 0; ; count += 1) {
        const key = `k:${connection}:${count}`
        const from = performance.now()
        const set = redis.set(key, 'v')
        const confirmed = waits ? await redis.wait(1, patience) : 1
        await set
        if (confirmed < 1) continue
        keys.push(key)
        if (!isCut) times.push(performance.now() - from)
      }
    } catch {
      // The primary was killed.
    } finally {
      redis.disconnect()
    }
  }
  const writing = Array.from({ length: connections }, (_, connection) => write(connection))
  await new Promise((resolve) => {
    setTimeout(resolve, ms)
  })
  const perSecond = (times.length * 1_000) / ms
  isCut = true
  await failOver(ms)
  await Promise.all(writing)
  const found = await Promise.all(keys.map((key) => follower.exists(key)))
  const lost = found.filter((count) => count === 0).length
  return { perSecond, p50: median(times), written: keys.length, lost }
}
