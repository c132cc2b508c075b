/** Figures with bounds, and violations of other kinds. */
export type Bounds = { bounds: Bound[]; faults: string[]; notes: string[] }

/** Figures of one kind, of which a share must be within a bound. */
export type Bound = { what: string; values: number[]; share: number; atMost: number }

/** Describes the violations; empty if all bounds are kept. */
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

/** The quantile: the least value that this share of the values does not exceed; NaN without values. */
export function quantile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en')
}
