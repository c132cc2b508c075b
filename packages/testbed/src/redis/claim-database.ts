import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import { redisForm, startForm } from './redis-form.ts'

export type Database = { url: string; release: () => Promise<void> }

/**
 * Claims a database of the test Redis for one user, empty at the start. Keys have fixed names, so tests
 * that run in parallel use databases of different numbers. The claim is a key of database 0,
 * which no test uses. A database that has keys but no claim belongs to another user and is never flushed.
 * In another form than one server, each user gets a Redis of its own.
 */
export async function claimDatabase(server: string): Promise<Database> {
  if (redisForm !== 'server') {
    const store = await startForm(redisForm)
    return { url: store.url, release: () => store.stop() }
  }
  const root = new Redis(at(server, 0), { maxRetriesPerRequest: 1 })
  const token = randomUUID()
  for (let number = 1; number < 16; number += 1) {
    const claim = `longhaul-test:database:${number}`
    const won = await root.set(claim, token, 'EX', 3600, 'NX')
    if (won === null) continue
    const database = new Redis(at(server, number), { maxRetriesPerRequest: 1 })
    if ((await database.dbsize()) === 0) {
      const release = async () => {
        try {
          await database.flushdb()
          await root.del(claim)
        } catch (error) {
          // The Redis of a run may end before its last user: then there is nothing to release.
          if (!(error instanceof Error && /Connection is closed/.test(error.message))) throw error
        } finally {
          database.disconnect()
          root.disconnect()
        }
      }
      return { url: at(server, number), release }
    }
    await root.del(claim)
    database.disconnect()
  }
  root.disconnect()
  throw new Error('all databases of the test Redis are taken: give the tests an empty one')
}

function at(server: string, number: number): string {
  const url = new URL(server)
  url.pathname = `/${number}`
  return url.href
}
