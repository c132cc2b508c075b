import type { Redis } from 'ioredis'

/** A key of Redis with its whole value: readable, and independent of the version of Redis. */
export type StoredKey = {
  key: string
  /** Its remaining time to live in milliseconds; absent if it does not expire. */
  ttl?: number
} & (
  | { type: 'string'; value: string }
  | { type: 'list' | 'set'; value: string[] }
  | { type: 'hash' | 'zset'; value: [string, string][] }
  | { type: 'stream'; last: string; value: [id: string, fields: string[]][] }
)

/** Reads every key, in the order of their names. */
export async function readKeys(redis: Redis): Promise<StoredKey[]> {
  const keys = (await redis.keys('*')).toSorted()
  const found = await Promise.all(keys.map((key) => readKey(redis, key)))
  return found.filter((stored) => stored !== undefined)
}

/** Writes keys into an empty database. */
export async function writeKeys(redis: Redis, keys: StoredKey[]): Promise<void> {
  for (const stored of keys) {
    await writeKey(redis, stored)
    if (stored.ttl !== undefined) await redis.pexpire(stored.key, stored.ttl)
  }
}

async function readKey(redis: Redis, key: string): Promise<StoredKey | undefined> {
  const [type, pttl] = [await redis.type(key), await redis.pttl(key)]
  const common = { key, ...(pttl > 0 && { ttl: pttl }) }
  switch (type) {
    // It has expired meanwhile.
    case 'none':
      return undefined
    case 'string':
      return { ...common, type, value: (await redis.get(key)) ?? '' }
    case 'list':
      return { ...common, type, value: await redis.lrange(key, 0, -1) }
    case 'set':
      return { ...common, type, value: (await redis.smembers(key)).toSorted() }
    case 'hash':
      return { ...common, type, value: Object.entries(await redis.hgetall(key)) }
    case 'zset':
      return { ...common, type, value: pairs(await redis.zrange(key, '0', '-1', 'WITHSCORES')) }
    case 'stream':
      return {
        ...common,
        type,
        last: await lastId(redis, key),
        value: await redis.xrange(key, '-', '+'),
      }
    default:
      throw new Error(`${key} is of the type ${type}`)
  }
}

async function writeKey(redis: Redis, stored: StoredKey): Promise<void> {
  const { key } = stored
  switch (stored.type) {
    case 'string':
      await redis.set(key, stored.value)
      break
    case 'list':
      await redis.rpush(key, ...stored.value)
      break
    case 'set':
      await redis.sadd(key, ...stored.value)
      break
    case 'hash':
      await redis.hset(key, ...stored.value.flat())
      break
    case 'zset':
      await redis.zadd(key, ...stored.value.flatMap(([member, score]) => [score, member]))
      break
    case 'stream':
      for (const [id, fields] of stored.value) await redis.xadd(key, id, ...fields)
      await redis.call('XSETID', key, stored.last)
  }
}

async function lastId(redis: Redis, key: string): Promise<string> {
  const info = (await redis.call('XINFO', 'STREAM', key)) as unknown[]
  return String(info[info.indexOf('last-generated-id') + 1])
}

function pairs(flat: string[]): [string, string][] {
  return flat.flatMap((member, at) => (at % 2 === 0 ? [[member, flat[at + 1] ?? '']] : []))
}
