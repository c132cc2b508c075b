import { limits } from '../limits/limits.ts'

/** How much of an upload had arrived, and when, in milliseconds. */
export type UploadMark = { at: number; bytes: number }

/**
 * The mark from which the progress of an upload is counted next: so many bytes must follow it within the time. Undefined
 * when they did not.
 */
export function nextUploadMark(
  mark: UploadMark,
  now: UploadMark,
  { bytes, within }: { bytes: number; within: number } = limits.http.upload,
): UploadMark | undefined {
  if (now.bytes - mark.bytes >= bytes) return now
  return now.at - mark.at > within ? undefined : mark
}
