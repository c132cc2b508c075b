import type { Cluster } from '@longhaul/testbed'
import { Redis } from 'ioredis'

/** Sets limits of the cluster's workspace, by their names in Redis. They hold at once for all processes. */
export async function setLimits(
  { redisUrl, workspace }: Cluster,
  limits: Record<string, number>,
): Promise<void> {
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: 1 })
  const state = `{lh:s0}:workspace:${workspace}`
  for (const [name, limit] of Object.entries(limits))
    await redis.hset(state, `limit:${name}`, limit)
  redis.disconnect()
}
