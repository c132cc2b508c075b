import { limits } from '@longhaul/core'
import type { Redis } from 'ioredis'
import type { Owner, Transfers } from '../connection/transfers.ts'

/** How many items are read together at first, and at most. */
const first = 8
const largest = 200

/**
 * Reads an item for each of many ids, in their order and in batches. The size of a batch follows from the average size
 * of the items before.
 */
export async function* readFewAtOnce<T>(
  transfers: Transfers,
  ids: string[],
  { owner, read }: { owner: Owner; read: (on: Redis, id: string) => Promise<Sized<T>> },
): AsyncGenerator<(Sized<T> & { id: string })[]> {
  let count = first
  let expected = 0
  for (let from = 0; from < ids.length;) {
    const some = ids.slice(from, from + count)
    const found = await transfers.read(expected, owner, (on) =>
      Promise.all(some.map(async (id) => ({ id, ...(await read(on, id)) }))),
    )
    yield found
    from += some.length
    const average = found.reduce((sum, { size }) => sum + size, 0) / some.length
    count = Math.max(1, Math.min(2 * count, largest, Math.floor(limits.large / (average + 1))))
    expected = average * count
  }
}

export type Sized<T> = { item: T; size: number }
