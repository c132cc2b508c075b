import { LonghaulError } from '@longhaul/core'
import { startLoop } from '@longhaul/process'
import { asUnavailable, away } from '@longhaul/redis'
import type { Redis } from 'ioredis'

type Options = {
  redis: Redis
  /** Further connections that requests need. */
  otherClients: Redis[]
  /** What must be done before requests can be served, each time that Redis is reached anew: it may be another, or have lost data. */
  begin: () => Promise<void>
  /** Whether Redis has lost what `begin` wrote; asked every second. */
  isLost: () => Promise<boolean>
  /** Why Redis takes no writes now; undefined when it does. */
  trouble: () => Promise<LonghaulError | undefined>
  onFailure: (error: unknown) => void
}

/** Milliseconds until a failed start is repeated. */
const retryMs = 500

/** Milliseconds between two checks for lost data while the connection lasts. */
const checkEveryMs = 1_000

/**
 * Knows whether requests can be served: Redis is connected, and what must stand in it does. Then requests are let in,
 * also while Redis takes no writes: those that only read are served.
 */
export function openRedisSession(options: Options) {
  const { redis, otherClients, begin, isLost, trouble, onFailure } = options
  let begun = false
  /** Why requests are not let in. */
  let reason = away()
  /** What was found at the latest look. */
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
    // One that takes no writes is left, for its successor.
    reason = latest ?? away()
  })
  startLoop({ everyMs: checkEveryMs, run: check, failed: onFailure, keepsAlive: false })

  return {
    /** Why not all requests can be served now; undefined when they can. What they need is tried. */
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
    /** Rejects with unavailable, so that a caller hears 503 at once and not that its key is unknown. */
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
