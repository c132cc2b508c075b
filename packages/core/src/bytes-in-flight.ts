import { LonghaulError, rateLimited } from './errors.ts'
import { limits } from './limits.ts'

/** What one request holds of the bytes under way. */
export type Share = {
  /** Throws when the key, or the process, would hold too much. What is `owed` counts and is never refused. */
  take(bytes: number, options?: { owed?: boolean | undefined }): void
  /** Gives back all that was taken. */
  release(): void
}

export type BytesInFlight = ReturnType<typeof createBytesInFlight>

/**
 * Counts what bodies and large replies hold that are under way, for each key and for all of them. What is alone may be
 * of any size: a request that is refused must be one that succeeds later. A small one is never refused for what other
 * keys hold.
 */
export function createBytesInFlight(
  bounds: { perKey: number; perProcess: number; small: number } = limits.bytesInFlight,
) {
  const ofKeys = new Map<string, number>()
  let all = 0

  function add(key: string, bytes: number): void {
    const left = (ofKeys.get(key) ?? 0) + bytes
    if (left === 0) ofKeys.delete(key)
    else ofKeys.set(key, left)
    all += bytes
  }

  function refuseTooMany(key: string, { mine, bytes }: { mine: number; bytes: number }): void {
    const ofKey = ofKeys.get(key) ?? 0
    if (ofKey > mine && ofKey + bytes > bounds.perKey) throw tooManyOfKey(bounds.perKey)
    const isFull = all > mine && all + bytes > bounds.perProcess
    if (isFull && mine + bytes > bounds.small) throw tooManyOfAll()
  }

  return {
    /** How many bytes are under way. */
    now: () => all,

    open(key: string): Share {
      let mine = 0
      return {
        take(bytes, { owed = false } = {}) {
          if (!owed) refuseTooMany(key, { mine, bytes })
          add(key, bytes)
          mine += bytes
        },
        release() {
          if (mine > 0) add(key, -mine)
          mine = 0
        },
      }
    },
  }
}

/** The bounds of a process with a heap of so many bytes, where these are less than usual. */
export function bytesInFlightWithin(heap: number) {
  const { perKey, perProcess, small } = limits.bytesInFlight
  const all = Math.min(perProcess, heap * limits.liveBytes.requests)
  return { perKey: Math.min(perKey, all), perProcess: all, small }
}

function tooManyOfKey(most: number): LonghaulError {
  const message =
    `Requests and replies of this API key that are under way hold ${most} bytes, which is the most. ` +
    'Send the request again when some have ended.'
  return rateLimited(['bytes_in_flight'], message, 1)
}

function tooManyOfAll(): LonghaulError {
  const message =
    'Too many bytes are under way in this process. Nothing was done: send the request again in a moment.'
  return new LonghaulError('unavailable', message, { retryAfterSeconds: 1 })
}
