import { LonghaulError, rateLimited } from '../lib/errors.ts'
import { limits } from '../limits/limits.ts'

/** What one request holds of the bytes under way. */
export type Share = {
  /** Throws when the key, its workspace or the process would hold too much. What is `owed` counts and is never refused. */
  take(bytes: number, options?: { owed?: boolean | undefined }): void
  /** Releases all that was taken. */
  release(): void
}

/** Takes how many bytes a request is about to load at most. Throws where these are too many at the moment. */
export type Admit = (bytes: number) => void

export type BytesInFlight = ReturnType<typeof createBytesInFlight>

/**
 * Counts what bodies and large replies hold that are under way, for each key, for each workspace and for all of them. What
 * is alone may be of any size: a request that is refused must be one that succeeds later. A small one is never refused for
 * what other keys hold.
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
    /** How many bytes are under way. */
    now: () => all,

    open({ key, workspace }: { key: string; workspace: string }): Share {
      let mine = 0

      function add(bytes: number): void {
        addTo(ofKeys, key, bytes)
        addTo(ofWorkspaces, workspace, bytes)
        all += bytes
        mine += bytes
      }

      function refuseTooMany(bytes: number): void {
        const isFull = (held: number, most: number) => held > mine && held + bytes > most
        const { perKey, perWorkspace, perProcess, small } = bounds
        if (isFull(ofKeys.get(key) ?? 0, perKey)) throw tooManyOf('API key', perKey)
        if (mine + bytes <= small) return
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
          if (mine > 0) add(-mine)
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

/** The bounds of a process with a heap of so many bytes, where these are less than usual. */
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
