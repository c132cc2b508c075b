import { limits } from '../limits/limits.ts'

/** Whether a text may be a fairness key: an end user, a customer or a thread whose turns share slots fairly. */
export function isFairnessKey(text: string): boolean {
  return text !== '' && Buffer.byteLength(text) <= limits.fairnessKey
}
