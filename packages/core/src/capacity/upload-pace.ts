import { limits } from '../limits/limits.ts'

/** The bytes of an upload that had arrived at a time, in milliseconds. */
export type UploadMark = { at: number; bytes: number }

/**
 * The mark from which the next progress of an upload is measured. Undefined when fewer than `bytes` bytes arrived
 * `within` the time.
 */
export function nextUploadMark(
  mark: UploadMark,
  now: UploadMark,
  { bytes, within }: { bytes: number; within: number } = limits.http.upload,
): UploadMark | undefined {
  if (now.bytes - mark.bytes >= bytes) return now
  return now.at - mark.at > within ? undefined : mark
}
