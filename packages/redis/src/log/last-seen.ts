import type { Seen } from '@longhaul/core'

/** The last fact that a writer has seen, as scripts expect it; '' when the writer does not know. */
export function lastSeenText(seen: Seen | undefined): string {
  return seen === undefined ? '' : `${seen.length} ${seen.pos} ${seen.at}`
}
