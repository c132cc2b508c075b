import { LonghaulError } from '@longhaul/core'
import type { Redis } from 'ioredis'

type Options = {
  redis: Redis
  /** What must be done before requests can be served, each time that Redis is reached anew: it may be another, or have lost data. */
  begin: () => Promise<void>
  /** Whether Redis has lost what `begin` wrote; asked every second. */
  isLost: () => Promise<boolean>
  onFailure: (error: unknown) => void
}

/** How long until a failed beginning is tried again, milliseconds. */
const again = 500

/** How often the loss of data is looked for while the connection lasts, milliseconds. */
const checkEvery = 1_000

/** Knows whether requests can be served: Redis is connected, and what must stand in it does. */
export function openRedisSession({ redis, begin, isLost, onFailure }: Options) {
  let begun = false

  async function start(): Promise<void> {
    try {
      await begin()
      begun = redis.status === 'ready'
    } catch (error) {
      onFailure(error)
      setTimeout(() => {
        if (redis.status === 'ready' && !begun) void start()
      }, again)
    }
  }

  async function check(): Promise<void> {
    try {
      if (!begun || !(await isLost())) return
      begun = false
      await start()
    } catch (error) {
      onFailure(error)
    }
  }

  redis.on('ready', () => void start())
  redis.on('close', () => {
    begun = false
  })
  setInterval(() => void check(), checkEvery).unref()

  const whyNot = () => (begun ? undefined : 'Redis cannot be reached at the moment.')
  return {
    /** The reason why requests cannot be served; undefined when they can. */
    async whyNotReady(): Promise<string | undefined> {
      if (!begun) return whyNot()
      try {
        await redis.ping()
        return undefined
      } catch {
        return 'Redis does not answer.'
      }
    },
    /** Rejects with unavailable, so that a caller hears 503 at once and not that its key is unknown. */
    throwIfClosed(): void {
      const reason = whyNot()
      if (reason === undefined) return
      throw new LonghaulError('unavailable', `${reason} Nothing was done: send the request again.`)
    },
  }
}
