import { getHeapStatistics } from 'node:v8'

/** The part of V8's heap limit that is for its youngest objects. */
const young = 192 * 1024 * 1024

/** The limit of this process's heap in bytes: the value of `--max-old-space-size`, or V8's default. */
export function heapBytes({ heap_size_limit: limit } = getHeapStatistics()): number {
  return Math.max(limit - young, limit / 4)
}
