/** Random numbers from a seed: the same seed gives the same numbers. */
export function createSeededRandom(seed: number) {
  let state = seed >>> 0

  /** Mulberry32: a number from 0 up to, but not including, 1. */
  function fraction(): number {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  function shuffled<T>(list: readonly T[]): T[] {
    return list
      .map((item) => [fraction(), item] as const)
      .toSorted(([a], [b]) => a - b)
      .map(([, item]) => item)
  }

  return {
    fraction,
    shuffled,
    /** A whole number, both ends included. */
    between: (least: number, most: number) => least + Math.floor(fraction() * (most - least + 1)),
    happens: (probability: number) => fraction() < probability,

    /** Draws items from a list at random. No item repeats before all have been drawn. */
    bag<T>(list: readonly T[]): () => T {
      let left: T[] = []
      return () => {
        if (left.length === 0) left = shuffled(list)
        const drawn = left.pop()
        if (drawn === undefined) throw new Error('there is nothing to draw from')
        return drawn
      }
    },
  }
}

export type SeededRandom = ReturnType<typeof createSeededRandom>
