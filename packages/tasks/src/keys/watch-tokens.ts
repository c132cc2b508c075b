import type { UnknownKeys, Watchable, WatchTokens } from '@longhaul/core'
import { sha256 } from '../lib/sha256.ts'

/** A bearer token for one task, until it expires (epoch milliseconds). */
export type WatchToken = { token: string; expiresAt: number }

export type WatchTokenPorts = {
  watchTokens: WatchTokens
  /** Random lower-case hex digits. */
  newHex: (digits: number) => string
  now: () => number
}

export async function issueWatchToken(
  opens: Watchable,
  { seconds, watchTokens, newHex, now }: WatchTokenPorts & { seconds: number },
): Promise<WatchToken> {
  const token = `lhw_${newHex(64)}`
  const ms = seconds * 1_000
  const expiresAt = now() + ms
  await watchTokens.put(sha256(token), opens, ms)
  return { token, expiresAt }
}

/** A valid token: the task that it gives access to, and the token's hash. */
export type OpenedToken = { opens: Watchable; hash: string }

/**
 * Resolves with the task that a token gives access to; undefined when the text is no token, or the token has expired.
 * Only the hash of a token is stored. Rejects with rate_limited when too many unknown keys and tokens came from the
 * address.
 */
export async function openWatchToken(
  token: string,
  {
    watchTokens,
    unknownKeys,
    address,
  }: Pick<WatchTokenPorts, 'watchTokens'> & {
    unknownKeys: UnknownKeys
    address: string | undefined
  },
): Promise<OpenedToken | undefined> {
  if (!/^lhw_[0-9a-f]{64}$/.test(token)) return undefined
  const hash = sha256(token)
  unknownKeys.refuse(address, hash)
  const opens = await watchTokens.find(hash)
  if (opens === undefined) {
    unknownKeys.unknown(address, hash)
    return undefined
  }
  unknownKeys.valid(hash)
  return { opens, hash }
}
