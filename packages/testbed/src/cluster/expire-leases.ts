import { keysOf, openRedis } from '../redis/open-redis.ts'

/** Makes the leases of all running turns expire, as if every worker had been silent for a minute. */
export async function expireLeases(redisUrl: string): Promise<void> {
  const redis = openRedis(redisUrl)
  const silentSince = Date.now() - 60_000
  const sets = ['leases', 'workers'].map((set) => keysOf(redis, `{lh:s*}:${set}`))
  for (const set of (await Promise.all(sets)).flat()) {
    const members = await redis.zrange(set, '0', '-1')
    await Promise.all(members.map((member) => redis.zadd(set, 'XX', silentSince, member)))
  }
  redis.disconnect()
}
