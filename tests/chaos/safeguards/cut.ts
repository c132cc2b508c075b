/** A replacement of one piece of a source file of the product. */
export type Cut = { file: string; piece: string; becomes: string }

/** The variable in which a process finds its cuts, as JSON. */
export const cutsVariable = 'CHAOS_CUTS'

/** Throws unless the text has the piece exactly once: otherwise the experiment would show nothing. */
export function applyCut(text: string, { file, piece, becomes }: Cut): string {
  const [before, after, ...more] = text.split(piece)
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Error(`${file} has not exactly one ${JSON.stringify(piece)}`)
  }
  return before + becomes + after
}
