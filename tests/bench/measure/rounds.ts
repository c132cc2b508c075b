export type Pair<T> = { ours: T; reference: T }

/**
 * Runs both sides `rounds` times, one after the other: ours first, then the reference first, and so
 * on, so that drift (a warm cache, a busy machine) affects both.
 */
export async function alternate<T>(
  rounds: number,
  sides: Pair<() => Promise<T>>,
  done: (round: number, pair: Pair<T>) => void,
): Promise<Pair<T>[]> {
  const pairs: Pair<T>[] = []
  for (let round = 1; round <= rounds; round += 1) {
    const pair = round % 2 === 1 ? await oursFirst(sides) : await referenceFirst(sides)
    pairs.push(pair)
    done(round, pair)
  }
  return pairs
}

async function oursFirst<T>(sides: Pair<() => Promise<T>>): Promise<Pair<T>> {
  const ours = await sides.ours()
  return { ours, reference: await sides.reference() }
}

async function referenceFirst<T>(sides: Pair<() => Promise<T>>): Promise<Pair<T>> {
  const reference = await sides.reference()
  return { ours: await sides.ours(), reference }
}

export type Comparison = Pair<number> & { ratio: { median: number; least: number; most: number } }

/** The medians of one figure, and of its ratio within each round. */
export function compare<T>(pairs: Pair<T>[], figure: (round: T) => number): Comparison {
  const figures = pairs.map(({ ours, reference }) => ({
    ours: figure(ours),
    reference: figure(reference),
  }))
  const ratios = figures.map(({ ours, reference }) => ours / reference)
  return {
    ours: median(figures.map(({ ours }) => ours)),
    reference: median(figures.map(({ reference }) => reference)),
    ratio: { median: median(ratios), least: Math.min(...ratios), most: Math.max(...ratios) },
  }
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2
}
