/** Text of a piece of an answer, of the size that a worker records every 40 ms; it begins with the time at which it was made. */
export function pieceOfText(): string {
  return `${now().toFixed(3)} ${'and so it goes on '.repeat(3)}`
}

/** How long ago the text of a frame was made, milliseconds. */
export function ageOf(frame: string): number {
  return now() - Number(/"text":"([\d.]+) /.exec(frame)?.[1])
}

/** Epoch milliseconds, finer than `Date` has them: all processes of one machine agree on them. */
function now(): number {
  return performance.timeOrigin + performance.now()
}
