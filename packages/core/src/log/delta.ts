/** A piece of streamed output: provisional until its part's `part.finished`. */
export type NewDelta = {
  partId: string
  kind: 'text' | 'reasoning'
  text: string
  /** The part is a refusal. */
  refusal?: true
}
export type Delta = NewDelta & { type: 'delta'; pos: number; at: number }
