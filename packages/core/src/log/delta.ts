import type { Fact, NewFact } from './fact.ts'

/** A piece of streamed output: provisional until its part's `part.finished`. */
export type NewDelta = {
  partId: string
  kind: 'text' | 'reasoning'
  text: string
  /** The part is a refusal. */
  refusal?: true
}
export type Delta = NewDelta & { type: 'delta'; pos: number; at: number }

/** The numbers that a fact takes: two if it is a part without recorded deltas. */
export function numbersOf(fact: NewFact): 1 | 2 {
  return fact.type === 'part.finished' && fact.whole === true ? 2 : 1
}

/** The only delta of a part that has no recorded deltas. */
export function wholeDelta(fact: Fact): Delta | undefined {
  if (fact.type !== 'part.finished' || fact.whole !== true) return undefined
  const { pos, at, partId, kind, text, refusal } = fact
  return { type: 'delta', pos: pos - 1, at, partId, kind, text, ...(refusal && { refusal }) }
}
