import { type Cluster, openRedis, shardTags } from '@longhaul/testbed'

/** Sets limits of the cluster's workspace, by their names in Redis. They hold at once for all processes. */
export async function setLimits(
  { redisUrl, workspace }: Cluster,
  limits: Record<string, number>,
): Promise<void> {
  const redis = openRedis(redisUrl)
  const fields = Object.entries(limits).map(([name, limit]) => [`limit:${name}`, limit] as const)
  for (const tag of shardTags)
    await redis.hset(`${tag}workspace:${workspace}`, Object.fromEntries(fields))
  redis.disconnect()
}
