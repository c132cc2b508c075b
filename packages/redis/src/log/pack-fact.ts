import { type NewFact, numbersOf } from '@longhaul/core'
import { type Blobs, pack } from './blobs.ts'

/** A fact as JSON for `recordAll` in Lua: without its first brace, and with `+` in its place if it takes two numbers. */
export function packFact(fact: NewFact, blobs: Blobs): string {
  const json = pack(fact, blobs)
  return numbersOf(fact) === 2 ? `+${json.slice(1)}` : json.slice(1)
}
