import { killClients, test } from '@longhaul/testbed'
import { describe, expect } from 'vitest'
import { newAgent } from '../../support/new-agent.ts'
import { user } from '../../support/orq-requests.ts'

const kept = 'lh_aaaaaaaaaaaaaaaa_for-tests-only'
const revoked = 'lh_bbbbbbbbbbbbbbbb_for-tests-only'
const added = 'lh_cccccccccccccccc_for-tests-only'

const env = (redisUrl: string, keys: string[]) => ({
  REDIS_URL: redisUrl,
  LONGHAUL_UNSAFE_REDIS: '1',
  LONGHAUL_API_KEYS: keys.map((key) => `acme:${key}`).join(','),
})

function asOf(key: string) {
  return { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
}

async function statusOf(url: string, key: string): Promise<number> {
  return (await fetch(`${url}/v2/agents`, { headers: asOf(key) })).status
}

async function expectNewKeys(urls: string[]): Promise<void> {
  for (const url of urls) {
    await expect.poll(() => statusOf(url, added)).toBe(200)
    await expect.poll(() => statusOf(url, revoked)).toBe(401)
    await expect.poll(() => statusOf(url, kept)).toBe(200)
  }
}

describe('while processes with an older list still run', () => {
  const rotated = test.extend('urls', async ({ redis, redisUrl, startApp }) => {
    await redis.ping()
    const older = await startApp('api', env(redisUrl, [kept, revoked]))
    const newer = await startApp('api', env(redisUrl, [kept, added]))
    return [older.url, newer.url]
  })

  rotated('a reconnect changes no key', async ({ redis, urls }) => {
    await expectNewKeys(urls)
    const reconnected = async () => {
      const ready = await Promise.all(urls.map((url) => fetch(`${url}/readyz`)))
      return ready.every(({ ok }) => ok)
    }
    expect(await killClients(redis, 'longhaul-requests')).toBeGreaterThanOrEqual(2)
    await expect.poll(reconnected).toBe(true)
    await expectNewKeys(urls)
  })

  rotated('a Redis that has lost everything gets the newer keys back', async ({ redis, urls }) => {
    await expectNewKeys(urls)
    await redis.flushdb()
    await expect.poll(() => redis.exists('{lh:keys}:bootstrap')).toBe(1)
    expect(await redis.exists('{lh:keys}:bbbbbbbbbbbbbbbb')).toBe(0)
    await expectNewKeys(urls)
  })
})

test('a stream ends when its key is removed, and that of another key continues', async ({
  redis,
  redisUrl,
  startApp,
}) => {
  await redis.ping()
  const { url } = await startApp('api', env(redisUrl, [kept, revoked]))
  const post = async (path: string, body: object) => {
    const sent = { method: 'POST', headers: asOf(kept), body: JSON.stringify(body) }
    const reply = await fetch(url + path, sent)
    expect(reply.ok).toBe(true)
    return (await reply.json()) as { task_id: string }
  }
  await post('/v2/agents', { ...newAgent(), key: 'watched' })
  const path = '/v2/agents/watched/responses'
  const { task_id: task } = await post(path, { ...user('hello'), background: true })
  const open = async (key: string) => {
    const reply = await fetch(`${url}${path}/${task}/events`, { headers: asOf(key) })
    expect(reply.status).toBe(200)
    const state = { ended: false, text: '' }
    const end = (text: string) => Object.assign(state, { ended: true, text })
    // The continuing stream is closed at the end of the test.
    void reply.text().then(end, () => end('cut off'))
    return state
  }
  const [going, ending] = [await open(kept), await open(revoked)]
  await startApp('api', env(redisUrl, [kept]))
  await expect.poll(() => ending.ended).toBe(true)
  expect(ending.text).toContain('response.started')
  expect(ending.text).not.toContain('[DONE]')
  expect(going.ended).toBe(false)
})

test('two keys with the same public id stop the process, with an error that names them', async ({
  redisUrl,
  startApp,
}) => {
  const twice = [kept, 'lh_aaaaaaaaaaaaaaaa_another-secret']
  await expect(startApp('api', env(redisUrl, twice))).rejects.toThrow(
    /^LONGHAUL_API_KEYS: API keys 1 \(acme\) and 2 \(acme\) have the same public id aaaaaaaaaaaaaaaa: .+$/m,
  )
})
