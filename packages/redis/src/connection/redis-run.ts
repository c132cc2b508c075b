import type { Redis } from 'ioredis'
import { primaryOf } from './primaries.ts'

/** A new connection to a node is another object. */
const watched = new WeakMap<Redis, () => string>()

/**
 * The id of the run of the Redis that has a key; `''` while it is unknown. Redis has another one after each
 * restart. A script could read it itself, but that takes longer than the rest of a claim.
 */
export function redisRun(client: Redis, key: string): string {
  const redis = primaryOf(client, key)
  if (redis === undefined) return ''
  let current = watched.get(redis)
  if (current === undefined) {
    current = watchRun(redis)
    watched.set(redis, current)
  }
  return current()
}

function watchRun(redis: Redis): () => string {
  let run = ''
  let connections = 0
  async function read(): Promise<void> {
    const connection = connections
    const info = await redis.info('server').catch(() => '')
    if (connection === connections) run = /^run_id:(\w+)/m.exec(info)?.[1] ?? ''
  }
  redis.on('close', () => {
    connections += 1
    run = ''
  })
  redis.on('ready', () => void read())
  if (redis.status === 'ready') void read()
  return () => run
}
