/** How late an event loop is. Each sample is the lateness of a timer, and the time since the sample before. */
export function createLagWindow(windowMs: number) {
  let samples: { lagMs: number; at: number; fromMs: number }[] = []
  let leastLag = 0

  return {
    add(lagMs: number, at: number, sinceMs: number): void {
      samples = samples.filter((sample) => sample.at > at - windowMs)
      samples.push({ lagMs, at, fromMs: at - sinceMs })
      leastLag = Math.min(...samples.map((sample) => sample.lagMs))
    },

    /**
     * By how much every timer of the last window was late. 0 when there are too few samples: a process that was stopped
     * for a while has one late timer, and is not overloaded.
     */
    least(now: number): number {
      const [first] = samples
      const isCovered = first !== undefined && first.fromMs <= now - windowMs
      if (!isCovered || samples.length < enough) return 0
      return leastLag
    },
  }
}

const enough = 3
