/** Asks all shards at once; the answers are in the order of the shards. */
export function everyShard<T>(shards: number, ask: (shard: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: shards }, (_, shard) => ask(shard)))
}
