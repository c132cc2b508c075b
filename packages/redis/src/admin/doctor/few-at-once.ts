/** How many things are looked at side by side: the doctor leaves Redis to others. */
const width = 8

/** Does something with each item, a few at once; the results in their order. */
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
