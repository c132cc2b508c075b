import type { Blobs } from './blobs.ts'

/** Blobs as rows of a script's arguments. */
export function blobRowsOf(
  blobs: Blobs,
  keys: { blob: (sha256: string) => string },
): { key: string; value: string }[] {
  return Array.from(blobs, ([sha256, value]) => ({ key: keys.blob(sha256), value }))
}
