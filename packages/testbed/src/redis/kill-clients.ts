import type { Redis } from 'ioredis'
import { primariesOf } from './open-redis.ts'

/**
 * Closes the connections of all other clients to the database of this client, or of those with this
 * name. Other databases belong to tests that run at the same time. Resolves with the number of connections.
 */
export async function killClients(redis: Redis, name?: string): Promise<number> {
  const counts = (await primariesOf(redis)).map((primary) => killClientsOf(primary, name))
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0)
}

async function killClientsOf(redis: Redis, name?: string): Promise<number> {
  const own = Number(await redis.call('CLIENT', 'ID'))
  const { db = 0 } = redis.options
  const clients = String(await redis.call('CLIENT', 'LIST'))
    .split('\n')
    .filter((line) => line.includes(` db=${db} `))
    .filter((line) => name === undefined || line.includes(` name=${name} `))
    .map((line) => Number(/^id=(\d+)/.exec(line)?.[1]))
    .filter((id) => id !== own)
  await Promise.all(clients.map((id) => redis.call('CLIENT', 'KILL', 'ID', id)))
  return clients.length
}
