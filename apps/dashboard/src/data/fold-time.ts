/** A part of the time of a task, in epoch milliseconds. */
export type Span = { from: number; to: number; isIdle: boolean }

/** A piece of a time axis: `x` is its place, from 0 to 1. A folded piece is much narrower than its time. */
export type AxisPiece = { from: number; to: number; x: number; width: number; isFolded: boolean }

/** The share of the whole that a folded piece has, and the share above which a piece is folded. */
const foldedShare = 0.05
const foldAbove = 0.12

/** The pieces of an axis over these spans, which have no gap. Long idle times are folded unless the scale is true. */
export function foldTime(spans: readonly Span[], { isTrue }: { isTrue: boolean }): AxisPiece[] {
  const first = spans[0]
  const last = spans.at(-1)
  if (first === undefined || last === undefined) return []
  const whole = Math.max(1, last.to - first.from)
  const pieces = merged(spans)
  const busy = pieces.reduce((sum, { from, to, isIdle }) => sum + (isIdle ? 0 : to - from), 0)
  const limit = Math.max(busy * foldAbove, 500)
  const isFolded = ({ from, to, isIdle }: Span) => !isTrue && isIdle && to - from > limit
  const shown = pieces.reduce(
    (sum, piece) => sum + (isFolded(piece) ? 0 : piece.to - piece.from),
    0,
  )
  const foldedWidth = Math.max(shown, whole * 0.001) * foldedShare
  const widths = pieces.map((piece) => (isFolded(piece) ? foldedWidth : piece.to - piece.from))
  const sum = Math.max(
    1e-9,
    widths.reduce((total, width) => total + width, 0),
  )
  let x = 0
  return pieces.map((piece, index) => {
    const width = (widths[index] ?? 0) / sum
    const placed = { from: piece.from, to: piece.to, x, width, isFolded: isFolded(piece) }
    x += width
    return placed
  })
}

function merged(spans: readonly Span[]): Span[] {
  const pieces: Span[] = []
  for (const span of spans) {
    const previous = pieces.at(-1)
    if (previous !== undefined && previous.isIdle === span.isIdle) previous.to = span.to
    else pieces.push({ ...span })
  }
  return pieces
}

/** The place of a time on an axis, from 0 to 1. */
export function placeOf(time: number, axis: readonly AxisPiece[]): number {
  const piece = axis.find(({ to }) => time <= to) ?? axis.at(-1)
  if (piece === undefined) return 0
  const { from, to, x, width } = piece
  const within = to === from ? 0 : (time - from) / (to - from)
  return Math.min(1, Math.max(0, x + Math.min(1, Math.max(0, within)) * width))
}

/** The time at a place of an axis. */
export function timeAt(place: number, axis: readonly AxisPiece[]): number {
  const piece = axis.find(({ x, width }) => place <= x + width) ?? axis.at(-1)
  if (piece === undefined) return 0
  const { from, to, x, width } = piece
  return from + (width === 0 ? 0 : ((place - x) / width) * (to - from))
}
