/** Reads a number. On failure it returns the last known number, initially 0. */
export function lastKnown(ask: () => Promise<number>): () => Promise<number> {
  let last = 0
  return async () => {
    try {
      last = await ask()
    } catch {
      // A failure must not hide the other metrics of the scrape.
    }
    return last
  }
}
