import { Redis } from 'ioredis'

/** Makes the leases of all running turns expire, as if every worker had been silent for a minute. */
export async function expireLeases(redisUrl: string): Promise<void> {
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: 1 })
  const silentSince = Date.now() - 60_000
  for (const set of ['{lh:s0}:leases', '{lh:s0}:workers']) {
    const members = await redis.zrange(set, '0', '-1')
    await Promise.all(members.map((member) => redis.zadd(set, 'XX', silentSince, member)))
  }
  redis.disconnect()
}
