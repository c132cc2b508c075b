import type { Blobs } from './blobs.ts'

/** Blobs as rows of a script's arguments. */
export function blobRowsOf(
  blobs: Blobs,
  keys: { blob: (sha256: string) => string },
): readonly { key: string; value: string }[] {
  if (blobs.size === 0) return none
  return Array.from(blobs, ([sha256, value]) => ({ key: keys.blob(sha256), value }))
}

/** Shared, because most records have no blobs. */
const none: readonly never[] = []
