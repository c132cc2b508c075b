import { LonghaulError, rateLimited } from '../lib/errors.ts'
import { limits } from '../limits/limits.ts'

/** The bytes that one request holds. */
export type Share = {
  /**
   * Throws when the key, its workspace or the process would hold too many bytes. Bytes that are `owed` are counted, and
   * never refused.
   */
  take(bytes: number, options?: { owed?: boolean | undefined }): void
  /** Releases all bytes that the request holds. */
  release(): void
}

/** Receives the greatest number of bytes that a request is about to load. Throws when that is too many at the moment. */
export type Admit = (bytes: number) => void

export type BytesInFlight = ReturnType<typeof createBytesInFlight>

/**
 * Counts the bytes of request bodies and large replies that are being processed: for each key, for each workspace, and
 * for the process. A request that is alone may have any size, so that every refused request can succeed later. A small
 * request is never refused because of other keys.
 */
export function createBytesInFlight(
  bounds: {
    perKey: number
    perWorkspace: number
    perProcess: number
    small: number
  } = limits.bytesInFlight,
) {
  const ofKeys = new Map<string, number>()
  const ofWorkspaces = new Map<string, number>()
  let all = 0

  return {
    /** The number of bytes held now. */
    now: () => all,

    open({ key, workspace }: { key: string; workspace: string }): Share {
      let own = 0

      function add(bytes: number): void {
        addTo(ofKeys, key, bytes)
        addTo(ofWorkspaces, workspace, bytes)
        all += bytes
        own += bytes
      }

      function refuseTooMany(bytes: number): void {
        const isFull = (held: number, max: number) => held > own && held + bytes > max
        const { perKey, perWorkspace, perProcess, small } = bounds
        if (isFull(ofKeys.get(key) ?? 0, perKey)) throw tooManyOf('API key', perKey)
        if (own + bytes <= small) return
        if (isFull(ofWorkspaces.get(workspace) ?? 0, perWorkspace)) {
          throw tooManyOf('workspace', perWorkspace)
        }
        if (isFull(all, perProcess)) throw tooManyOfAll()
      }

      return {
        take(bytes, { owed = false } = {}) {
          if (!owed) refuseTooMany(bytes)
          add(bytes)
        },
        release() {
          if (own > 0) add(-own)
        },
      }
    },
  }
}

function addTo(held: Map<string, number>, name: string, bytes: number): void {
  const left = (held.get(name) ?? 0) + bytes
  if (left === 0) held.delete(name)
  else held.set(name, left)
}

/** The bounds of a process with a heap of `heap` bytes, where they are lower than the default. */
export function bytesInFlightWithin(heap: number) {
  const { perKey, perWorkspace, perProcess, small } = limits.bytesInFlight
  const all = Math.min(perProcess, heap * limits.liveBytes.requests)
  return {
    perKey: Math.min(perKey, all),
    perWorkspace: Math.min(perWorkspace, all),
    perProcess: all,
    small,
  }
}

function tooManyOf(holder: string, most: number): LonghaulError {
  const message =
    `Requests and replies of this ${holder} that are under way hold ${most} bytes, which is the most. ` +
    'Nothing was done: send the request again when some have ended.'
  return rateLimited(['bytes_in_flight'], message, 1)
}

function tooManyOfAll(): LonghaulError {
  const message =
    'Too many bytes are under way in this process. Nothing was done: send the request again in a moment.'
  return new LonghaulError('unavailable', message, { retryAfterSeconds: 1 })
}
