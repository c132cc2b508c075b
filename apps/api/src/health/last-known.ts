/** Reads a value. On failure it returns the last known one. */
export function lastKnown<T>(ask: () => Promise<T>, first: T): () => Promise<T> {
  let last = first
  return async () => {
    try {
      last = await ask()
    } catch {
      // A failure must not hide the other metrics of the scrape.
    }
    return last
  }
}
