import type { Redis } from 'ioredis'
import { guarded } from './unavailable.ts'

/** Redis's time, epoch milliseconds, unless a test passes a clock. */
export function createTime(redis: Redis, { clock }: { clock?: (() => number) | undefined }) {
  return async (): Promise<number> => {
    if (clock !== undefined) return clock()
    const [seconds, micros] = await guarded(() => redis.time())
    return Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000)
  }
}
