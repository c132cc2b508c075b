import { Redis } from 'ioredis'
import type { Attack, Prepare } from '../attack.ts'

/** A worker serves fewer shards than the API fills. It must not become ready. */
const fewer: Prepare = async ({ redisUrl, startApp, atEnd }) => {
  const url = redisUrl(3)
  const redis = new Redis(url, { maxRetriesPerRequest: 1 })
  atEnd(() => redis.disconnect())
  await redis.flushdb()
  await startApp('api', { REDIS_URL: url, LONGHAUL_SHARDS: '4' })
  return async () => {
    const started = await startApp('worker', { REDIS_URL: url, LONGHAUL_SHARDS: '1' }).then(
      () => true,
      () => false,
    )
    const wrong = started ? ['a worker of one shard is ready beside an API of four'] : []
    return { seen: started ? 'it started' : 'it did not start', wrong }
  }
}

export const shards: Attack = {
  name: 'shards',
  does: 'runs a worker with fewer shards than the API',
  variants: { 'one of four': fewer },
}
