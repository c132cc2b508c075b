import { randomFillSync } from 'node:crypto'

/**
 * Random bytes from a pool. To ask the system for each of them costs a request more than its whole
 * parsing: an id takes sixteen.
 */
export function createRandomPool(size = 4_096) {
  const pool = Buffer.alloc(size)
  let used = size

  /** Where the next bytes begin; they are handed out once. */
  function take(bytes: number): number {
    if (used + bytes > size) {
      randomFillSync(pool)
      used = 0
    }
    used += bytes
    return used - bytes
  }

  return {
    /** One of 256 numbers from 0 on, below 1: enough to choose from a power of two. */
    fraction: (): number => (pool[take(1)] ?? 0) / 256,
    /** Random lower-case hex digits, an even number of them. */
    hex(digits: number): string {
      const start = take(digits / 2)
      return pool.toString('hex', start, start + digits / 2)
    },
  }
}
