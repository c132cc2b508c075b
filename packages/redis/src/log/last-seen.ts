import type { Seen } from '@longhaul/core'

/** The last fact that a writer has seen, as the scripts take it; '' for one that does not say. */
export function seenArg(seen: Seen | undefined): string {
  return seen === undefined ? '' : `${seen.length} ${seen.pos} ${seen.at}`
}
