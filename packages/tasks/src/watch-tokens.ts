import { hash as digest } from 'node:crypto'
import type { Watchable, WatchTokens } from '@longhaul/core'

/** A token opens what it was made for, to whoever has it, until it expires (epoch milliseconds). */
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

/** What a token opens; undefined when it is none, or has expired. Only its hash is kept, so nobody can read it anywhere. */
export async function openWatchToken(
  token: string,
  { watchTokens }: Pick<WatchTokenPorts, 'watchTokens'>,
): Promise<Watchable | undefined> {
  return /^lhw_[0-9a-f]{64}$/.test(token) ? await watchTokens.find(sha256(token)) : undefined
}

function sha256(text: string): string {
  return digest('sha256', text)
}
