import { killClients } from '@longhaul/testbed/servers'
import { Redis } from 'ioredis'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Attack, Prepare } from '../attack.ts'
import { createClient, type Reply } from '../client.ts'
import { summary } from '../replies.ts'

/** Guesses keys over many connections as fast as possible. A limit must stop that. */
const guess: Prepare = ({ url, signal, many }) =>
  Promise.resolve(async () => {
    const until = performance.now() + many(4_000)
    const replies: Reply[] = []
    await Promise.all(
      Array.from({ length: 32 }, async (_, worker) => {
        for (let at = 0; performance.now() < until; at += 1) {
          const number = String(worker * 100_000 + at).padStart(16, '0')
          const stranger = createClient(url, `lh_${number}_guessed`, signal)
          replies.push(await stranger.call('GET', '/v2/agents'))
        }
      }),
    )
    const refused = replies.filter(({ status }) => status === 429).length
    const found = replies.filter(({ status }) => status === 200).length
    return {
      seen: summary(replies),
      wrong: [
        ...(refused === 0
          ? [`${replies.length} wrong keys were tried, and no limit stopped it`]
          : []),
        ...(found > 0 ? ['a wrong key was accepted'] : []),
      ],
    }
  })

const kept = 'lh_aaaaaaaaaaaaaaaa_for-attacks-only'
const revoked = 'lh_bbbbbbbbbbbbbbbb_for-attacks-only'
const added = 'lh_cccccccccccccccc_for-attacks-only'

/** An older process reconnects to Redis after a newer one has revoked a key and added another. */
const revive: Prepare = async ({ redisUrl, startApp, signal, atEnd, until }) => {
  const url = redisUrl(1)
  const redis = new Redis(url, { maxRetriesPerRequest: 1 })
  atEnd(() => redis.disconnect())
  await redis.flushdb()
  const env = (keys: string[]) => ({
    REDIS_URL: url,
    LONGHAUL_API_KEYS: keys.map((key) => `acme:${key}`).join(','),
  })
  const older = await startApp('api', env([kept, revoked]))
  const newer = await startApp('api', env([kept, added]))
  const status = async (key: string, at: string) =>
    (await createClient(at, key, signal).call('GET', '/v2/agents')).status
  const statuses = async () =>
    Promise.all([older.url, newer.url].flatMap((at) => [status(revoked, at), status(added, at)]))
  await until(async () => ((await statuses()).join() === '401,200,401,200' ? true : undefined))
  return async () => {
    await killClients(redis)
    await sleep(3_000)
    const found = (await statuses()).join()
    return {
      seen: `revoked and new key, at both processes: ${found}`,
      wrong:
        found === '401,200,401,200' ? [] : [`the revoked and the new key are answered ${found}`],
    }
  }
}

/** Starts an API with a key that can be guessed. */
function short(key: string): Prepare {
  return ({ redisUrl, startApp }) =>
    Promise.resolve(async () => {
      const env = { REDIS_URL: redisUrl(2), LONGHAUL_API_KEYS: `acme:${key}` }
      const why = await startApp('api', env).then(
        () => undefined,
        (error: unknown) => String(error),
      )
      const wrong = why === undefined ? [`a key of ${key.length} characters was accepted`] : []
      return { seen: why === undefined ? 'it started' : 'it did not start', wrong }
    })
}

export const wrongKeys: Attack = {
  name: 'wrong-keys',
  does: 'guesses keys without end',
  variants: { 'as fast as it can': guess },
}

export const revokedKeys: Attack = {
  name: 'revoked-keys',
  does: 'uses a revoked key at an older process that reconnects with its list of keys',
  variants: { 'its connections are closed': revive },
}

export const shortKeys: Attack = {
  name: 'short-keys',
  does: 'starts with keys that can be guessed',
  variants: { 'one character': short('x'), 'fifteen characters': short('x'.repeat(15)) },
}
