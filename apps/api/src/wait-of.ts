import { invalid, limits } from '@longhaul/core'

/** How long `?wait=` asks to wait, given in seconds, in milliseconds. */
export function waitOf(query: URLSearchParams): number {
  const text = query.get('wait') ?? ''
  if (text === '') return 0
  const ms = /^\d{1,4}(\.\d+)?$/.test(text) ? Number(text) * 1_000 : Number.NaN
  if (ms <= limits.longPoll) return ms
  throw invalid('wait', `must be a number of seconds from 0 to ${limits.longPoll / 1_000}`)
}
