/** The text of a piece of an answer, of the size that a worker records every 40 ms. It begins with its time of creation. */
export function pieceOfText(): string {
  return `${now().toFixed(3)} ${'and so it goes on '.repeat(3)}`
}

/** The age of the text of a frame, in milliseconds. */
export function ageOf(frame: string): number {
  return now() - Number(/"text":"([\d.]+) /.exec(frame)?.[1])
}

/** Epoch milliseconds with a finer resolution than `Date`. All processes of one machine agree on them. */
function now(): number {
  return performance.timeOrigin + performance.now()
}
