/**
 * The text that a model writes now, in chunks. Only the last chunk changes, so the browser lays out only the end of a long
 * text. `dropped` chunks have left at the start: the rest stands in the log when the part is complete.
 */
export type LiveText = { kind: string; chunks: readonly string[]; dropped: number }

/** The characters from which on a chunk is complete, and how many chunks are kept. */
const chunkLength = 1_000
const mostChunks = 20

export function noText(kind: string): LiveText {
  return { kind, chunks: [], dropped: 0 }
}

/** Adds text to the end. */
export function addText({ kind, chunks, dropped }: LiveText, added: string): LiveText {
  const all = [...chunks]
  for (let at = 0; at < added.length; at += chunkLength) {
    const piece = added.slice(at, at + chunkLength)
    const last = all.at(-1)
    if (last === undefined || last.length >= chunkLength) all.push(piece)
    else all[all.length - 1] = last + piece
  }
  const excess = Math.max(0, all.length - mostChunks)
  return { kind, chunks: all.slice(excess), dropped: dropped + excess }
}
