import { randomFillSync } from 'node:crypto'

/**
 * Random bytes from a pool. One system call for each id would cost more than parsing a whole request: an id takes
 * sixteen bytes.
 */
export function createRandomPool(size = 4_096) {
  const pool = Buffer.alloc(size)
  let used = size

  /** The index of the next unused bytes. Each byte is used once. */
  function take(bytes: number): number {
    if (used + bytes > size) {
      randomFillSync(pool)
      used = 0
    }
    used += bytes
    return used - bytes
  }

  return {
    /** A fraction from 0 to below 1, one of 256: sufficient to choose from a power of two. */
    fraction: (): number => (pool[take(1)] ?? 0) / 256,
    /** Random lower-case hex digits, an even number of them. */
    hex(digits: number): string {
      const start = take(digits / 2)
      return pool.toString('hex', start, start + digits / 2)
    },
  }
}
