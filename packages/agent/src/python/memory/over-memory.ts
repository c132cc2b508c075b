/** The memory that each call holds, in bytes, and the workspace of the call. */
export type Holdings = ReadonlyMap<number, { workspace: string; bytes: number }>

/** The bounds of one call, and of all calls together. */
export type Bounds = { call: number; total: number }

/**
 * The calls to stop, each with the bound that it exceeds. A call must exceed its bound in two samples, because a
 * process that is about to start a program counts twice for a short time. A call that exceeds it by far is stopped at
 * once. When all calls together exceed their bound, the largest call of the workspace that holds the most is stopped.
 */
export function overMemory(
  now: Holdings,
  { before, bounds }: { before: Holdings; bounds: Bounds },
): Map<number, keyof Bounds> {
  const stopped = new Map<number, keyof Bounds>()
  for (const [id, { bytes }] of now) {
    if (isOver(bytes, before.get(id)?.bytes ?? 0, bounds.call)) stopped.set(id, 'call')
  }
  const rest = [...now].filter(([id]) => !stopped.has(id))
  const last = rest.flatMap(([id]) => before.get(id) ?? [])
  if (!isOver(sum(rest.map(([, call]) => call)), sum(last), bounds.total)) return stopped
  const ofWorkspace = Map.groupBy(rest, ([, { workspace }]) => workspace)
  const [heaviest = []] = [...ofWorkspace.values()].toSorted(
    (a, b) => sum(b.map(([, call]) => call)) - sum(a.map(([, call]) => call)),
  )
  const [largest] = heaviest.toSorted(([, a], [, b]) => b.bytes - a.bytes)
  if (largest !== undefined) stopped.set(largest[0], 'total')
  return stopped
}

function isOver(bytes: number, last: number, bound: number): boolean {
  return bytes > 2 * bound || (bytes > bound && last > bound)
}

function sum(calls: { bytes: number }[]): number {
  return calls.reduce((total, { bytes }) => total + bytes, 0)
}
