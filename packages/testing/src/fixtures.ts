import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import { inject, test as base } from 'vitest'

/**
 * `redisUrl` names a database that is this file's alone and empty at its start; `redis` is a
 * client of it, and each test that asks for `redis` finds the database empty.
 */
export const test = base
  .extend('redisUrl', { scope: 'file' }, async ({}, { onCleanup }) => {
    const { url, release } = await claimDatabase(inject('redisServer'))
    onCleanup(release)
    return url
  })
  .extend('redis', async ({ redisUrl }, { onCleanup }) => {
    const redis = new Redis(redisUrl, { maxRetriesPerRequest: 1 })
    await redis.flushdb()
    onCleanup(() => redis.disconnect())
    return redis
  })

// Keys have fixed names, so files that run side by side are kept apart by the database's number.
// The claim is a key of database 0, which no test uses; a database with anything in it is somebody
// else's and is never flushed.
const claimDatabase = async (server: string) => {
  const root = new Redis(at(server, 0), { maxRetriesPerRequest: 1 })
  const token = randomUUID()
  for (let number = 1; number < 16; number += 1) {
    const claim = `longhaul-test:database:${number}`
    const won = await root.set(claim, token, 'EX', 3600, 'NX')
    if (won === null) continue
    const database = new Redis(at(server, number), { maxRetriesPerRequest: 1 })
    if ((await database.dbsize()) === 0) {
      const release = async () => {
        await database.flushdb()
        await root.del(claim)
        database.disconnect()
        root.disconnect()
      }
      return { url: at(server, number), release }
    }
    await root.del(claim)
    database.disconnect()
  }
  root.disconnect()
  throw new Error('all databases of the test Redis are taken: give the tests an empty one')
}

const at = (server: string, number: number) => {
  const url = new URL(server)
  url.pathname = `/${number}`
  return url.href
}
