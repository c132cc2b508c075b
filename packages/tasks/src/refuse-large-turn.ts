import { limits, LonghaulError } from '@longhaul/core'

/** A piece of what will be recorded of a request, by its path in the caller's body. */
export type Recorded = { path: string; value: unknown }

/** Refuses a request of which more would be recorded than is allowed, naming the largest piece. */
export function refuseLargeTurn(pieces: Recorded[]): void {
  const sizes = pieces.map(({ path, value }) => ({ path, size: sizeOf(value) }))
  const total = sizes.reduce((sum, { size }) => sum + size, 0)
  if (total <= limits.submission) return
  const [largest] = sizes.toSorted((a, b) => b.size - a.size)
  const { path, size } = largest ?? { path: '', size: total }
  const message =
    `takes ${size} of ${total} bytes that would be recorded of the request: ` +
    `${limits.submission} are allowed. Send less text, or files by their address.`
  const fields = [{ path, message }]
  throw new LonghaulError('too_large', `${path}: ${message}`, { fields })
}

/** As JSON, which is what is stored. */
function sizeOf(value: unknown): number {
  return value === undefined ? 0 : Buffer.byteLength(JSON.stringify(value))
}
