import { keysOf, openRedis } from '@longhaul/testbed'
import { createHash } from 'node:crypto'

/** Finds secrets in named texts: plain, encoded or hashed. Returns a description of each. */
export function leaksOf(secrets: string[], seen: Record<string, unknown>): string[] {
  return Object.entries(seen).flatMap(([where, what]) => {
    const text = JSON.stringify(what)
    return secrets.flatMap((secret) =>
      Object.entries(formsOf(secret)).flatMap(([form, value]) =>
        text.includes(value) ? [`${where}: ${form} of ${secret}`] : [],
      ),
    )
  })
}

function formsOf(secret: string): Record<string, string> {
  const bytes = Buffer.from(secret)
  const hashes = ['md5', 'sha1', 'sha256', 'sha512'].flatMap((name) =>
    (['hex', 'base64', 'base64url'] as const).map((how) => [
      `${how} of ${name}`,
      createHash(name).update(secret).digest(how),
    ]),
  )
  return {
    clear: secret,
    base64: bytes.toString('base64').replace(/=+$/, ''),
    base64url: bytes.toString('base64url'),
    hex: bytes.toString('hex'),
    ...(Object.fromEntries(hashes) as Record<string, string>),
  }
}

/** All keys and values of a Redis, as text. */
export async function everythingIn(redisUrl: string): Promise<unknown[]> {
  const redis = openRedis(redisUrl)
  try {
    const keys = await keysOf(redis, '*')
    return await Promise.all(keys.map(async (key) => [key, await valueOf(key)]))
  } finally {
    redis.disconnect()
  }

  async function valueOf(key: string): Promise<unknown> {
    switch (await redis.type(key)) {
      case 'string':
        return await redis.get(key)
      case 'hash':
        return await redis.hgetall(key)
      case 'list':
        return await redis.lrange(key, 0, -1)
      case 'set':
        return await redis.smembers(key)
      case 'zset':
        return await redis.zrange(key, '0', '-1', 'WITHSCORES')
      case 'stream':
        return await redis.xrange(key, '-', '+')
      default:
        return undefined
    }
  }
}
