import { createHash } from 'node:crypto'
import type { Plan } from '@longhaul/core'
import { canonicalJson } from './canonical-json.ts'

/** The name of a plan: the SHA-256 of its canonical JSON, in hex. */
export function planHash(plan: Plan): string {
  return createHash('sha256').update(canonicalJson(plan)).digest('hex')
}
