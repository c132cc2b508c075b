/** Asks for a number; while nobody answers it is the one that was heard last, at first 0. */
export function lastKnown(ask: () => Promise<number>): () => Promise<number> {
  let last = 0
  return async () => {
    try {
      last = await ask()
    } catch {
      // A scrape must bring the other numbers, too.
    }
    return last
  }
}
