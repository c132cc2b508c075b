import { LonghaulError } from '@longhaul/core'
import { startLoop } from '@longhaul/process'
import { asUnavailable, away } from '@longhaul/redis'
import type { Redis } from 'ioredis'

type Options = {
  redis: Redis
  /** Further connections that requests need. */
  otherClients: Redis[]
  /**
   * Prepares Redis for requests. It runs after each new connection: it may be another Redis, or one that has lost data.
   */
  begin: () => Promise<void>
  /** Whether Redis has lost the data that `begin` wrote. Checked every second. */
  isLost: () => Promise<boolean>
  /** The reason why Redis refuses writes now; undefined when it accepts them. */
  trouble: () => Promise<LonghaulError | undefined>
  onFailure: (error: unknown) => void
}

/** Milliseconds until a failed start is retried. */
const retryMs = 500

/** Milliseconds between two checks for lost data while the connection lasts. */
const checkEveryMs = 1_000

/**
 * Decides whether requests can be served: Redis is connected and prepared. Requests are admitted even while Redis
 * refuses writes, because those that only read can be served.
 */
export function openRedisSession(options: Options) {
  const { redis, otherClients, begin, isLost, trouble, onFailure } = options
  let begun = false
  /** The reason why requests are not admitted. */
  let reason = away()
  /** The result of the latest check. */
  let latest: LonghaulError | undefined

  async function look(): Promise<LonghaulError | undefined> {
    latest = await trouble()
    return latest
  }

  async function start(): Promise<void> {
    try {
      await begin()
      begun = redis.status === 'ready'
    } catch (error) {
      reason = asUnavailable(error) ?? broken()
      onFailure(error)
      setTimeout(() => {
        if (redis.status === 'ready' && !begun) void start()
      }, retryMs)
    }
  }

  async function check(): Promise<void> {
    const found = await look()
    if (found !== undefined) onFailure(found)
    if (!begun) {
      if (found !== undefined && redis.status !== 'ready') reason = found
      return
    }
    if (!(await isLost())) return
    begun = false
    reason = lost()
    await start()
  }

  redis.on('ready', () => void start())
  redis.on('close', () => {
    begun = false
    // A Redis that refuses writes is disconnected on purpose, to reach its successor: the reason stays.
    reason = latest ?? away()
  })
  startLoop({ everyMs: checkEveryMs, run: check, failed: onFailure, keepsAlive: false })

  return {
    /** The reason why not all requests can be served now; undefined when they can. Tries what requests need. */
    async whyNotReady(): Promise<LonghaulError | undefined> {
      if (!begun && redis.status === 'ready') return reason
      const found = await look()
      if (found !== undefined || !begun) return found ?? reason
      if (otherClients.some(({ status }) => status !== 'ready')) return partly()
      try {
        return (await isLost()) ? lost() : undefined
      } catch (error) {
        return asUnavailable(error) ?? broken()
      }
    },
    /** Rejects with unavailable, so that a caller receives 503 at once and not an error about an unknown key. */
    throwIfClosed(): void {
      if (begun) return
      const { message, reason: name, retryAfterSeconds } = reason
      const sent = `${message} Nothing was done: send the request again.`
      throw new LonghaulError('unavailable', sent, { reason: name, retryAfterSeconds })
    },
  }
}

function lost(): LonghaulError {
  return new LonghaulError(
    'unavailable',
    'Redis has lost what this process keeps in it. It is being restored.',
  )
}

function partly(): LonghaulError {
  return new LonghaulError('unavailable', 'A connection to the task store is being made anew.')
}

function broken(): LonghaulError {
  return new LonghaulError(
    'unavailable',
    'The task store answers with an error: the log of this process has it.',
  )
}
