/** How many items are processed in parallel. The doctor leaves most of Redis to others. */
const width = 8

/** Processes items, a few at once. Returns the results in the order of the items. */
export async function fewAtOnce<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = []
  for (let first = 0; first < items.length; first += width) {
    results.push(...(await Promise.all(items.slice(first, first + width).map(work))))
  }
  return results
}
