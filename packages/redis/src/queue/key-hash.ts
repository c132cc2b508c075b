import { hash } from 'node:crypto'

/** The short form of a fairness key in names of keys; '' for none. Two keys that share it would share their slots. */
export function keyHash(fairnessKey: string): string {
  return fairnessKey === '' ? '' : hash('sha256', fairnessKey, 'base64url').slice(0, 8)
}
