import { getHeapStatistics } from 'node:v8'

/** What V8 adds to its limit for its youngest objects. */
const young = 192 * 1024 * 1024

/** How many bytes the heap of this process may have: what `--max-old-space-size` says, or V8's own choice. */
export function heapBytes({ heap_size_limit: limit } = getHeapStatistics()): number {
  return Math.max(limit - young, limit / 4)
}
