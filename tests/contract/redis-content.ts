import type { connect } from '@longhaul/redis'

type Redis = ReturnType<typeof connect>

/** The content of a Redis database, by key, as text. */
export async function contentOf(redis: Redis): Promise<Record<string, string>> {
  const keys = (await redis.keys('*')).toSorted()
  const values = await Promise.all(keys.map(async (key) => JSON.stringify(await read(redis, key))))
  return Object.fromEntries(keys.map((key, at) => [key, values[at] ?? '']))
}

async function read(redis: Redis, key: string): Promise<unknown> {
  const type = await redis.type(key)
  switch (type) {
    case 'string':
      return redis.get(key)
    case 'hash':
      return redis.hgetall(key)
    case 'list':
      return redis.lrange(key, 0, -1)
    case 'set':
      return redis.smembers(key)
    case 'zset':
      return redis.zrange(key, '0', '-1', 'WITHSCORES')
    case 'stream':
      return redis.xrange(key, '-', '+')
    default:
      throw new Error(`${key} is of the type ${type}`)
  }
}
