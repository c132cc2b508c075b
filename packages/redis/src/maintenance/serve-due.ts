import { LonghaulError } from '@longhaul/core'
import { guarded, wasRefused } from '../connection/unavailable.ts'
import type { MaintenanceContext } from './maintenance-context.ts'

/**
 * Serves about `limit` due entries of a set. Returns the errors. An entry that fails stays due and does not block the
 * entries after it.
 */
export async function serveDue(
  { redis, time }: MaintenanceContext,
  { key, limit }: { key: string; limit: number },
  serveOne: (member: string) => Promise<void>,
): Promise<unknown[]> {
  const failures: unknown[] = []
  for (let served = 0; served < limit;) {
    const till = await time()
    const skip = failures.length
    const members = await guarded(() =>
      redis.zrangebyscore(key, '-inf', till, 'LIMIT', skip, limit),
    )
    for (const member of members) {
      try {
        await serveOne(member)
        served += 1
      } catch (error) {
        if (isAway(error)) throw error
        failures.push(error)
      }
    }
    if (members.length < limit) break
  }
  return failures
}

/** Whether Redis cannot be reached. The next entry would then fail, too. */
function isAway(error: unknown): boolean {
  return error instanceof LonghaulError && error.code === 'unavailable' && !wasRefused(error)
}
