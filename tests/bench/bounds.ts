/** Figures that promises bound, and what else must not have happened. */
export type Bounds = { bounds: Bound[]; faults: string[]; notes: string[] }

/** So many figures of one kind, of which a share must be at most so much. */
export type Bound = { what: string; values: number[]; share: number; atMost: number }

/** What a promise was broken by, in words; empty when all were kept. */
export function broken({ bounds, faults }: Bounds): string[] {
  const exceeded = bounds.flatMap(({ what, values, share, atMost }) => {
    const found = quantile(values, share)
    if (found <= atMost) return []
    return Number.isNaN(found) ? `${what}: none was seen` : `${what}: ${whole(found)} is too much`
  })
  return [...exceeded, ...faults]
}

export function boundLines(name: string, bounds: Bound[]): string[][] {
  const head = [name, 'times', 'p50', 'p99', 'most', 'must be at most']
  const lines = bounds.map(({ what, values, share, atMost }) => [
    what,
    String(values.length),
    ...[0.5, 0.99, 1].map((each) => whole(quantile(values, each))),
    `${whole(atMost)} (${share === 1 ? 'all' : `p${share * 100}`})`,
  ])
  return [head, ...lines]
}

/** The least value that so large a share is not above; not a number when there is no value. */
function quantile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en')
}
