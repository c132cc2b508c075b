/** Asks for something of every shard, at once; the answers in their order. */
export function everyShard<T>(shards: number, ask: (shard: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: shards }, (_, shard) => ask(shard)))
}
