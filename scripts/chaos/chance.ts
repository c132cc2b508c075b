/** Chance that a seed repeats: the same seed, the same throws. */
export function createChance(seed: number) {
  let state = seed >>> 0

  /** Mulberry32: from 0 to 1, without 1. */
  function fraction(): number {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  return {
    fraction,
    /** A whole number, both ends included. */
    between: (least: number, most: number) => least + Math.floor(fraction() * (most - least + 1)),
    happens: (probability: number) => fraction() < probability,

    pick<T>(from: readonly T[]): T {
      const picked = from[Math.floor(fraction() * from.length)]
      if (picked === undefined) throw new Error('there is nothing to pick from')
      return picked
    },

    shuffled<T>(list: readonly T[]): T[] {
      return list
        .map((item) => [fraction(), item] as const)
        .toSorted(([a], [b]) => a - b)
        .map(([, item]) => item)
    },
  }
}

export type Chance = ReturnType<typeof createChance>
