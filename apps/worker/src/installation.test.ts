import { startCluster, test, testKey } from '@longhaul/testbed'
import { describe, expect, onTestFinished } from 'vitest'

const mark = '{lh:installation}'
const secretKey = Buffer.alloc(32, 7).toString('base64')

describe.each(['api', 'worker'] as const)('the %s process', (app) => {
  test('does not start in the namespace of another installation until that is released', async ({
    redis,
    redisUrl,
    startApp,
  }) => {
    const env = {
      REDIS_URL: redisUrl,
      LONGHAUL_UNSAFE_REDIS: '1',
      LONGHAUL_API_KEYS: `test:${testKey}`,
    }
    await redis.set(mark, 'AAAAAAAA')
    await expect(startApp(app, { ...env, LONGHAUL_SECRET_KEY: secretKey })).rejects.toThrow(
      /^The namespace lh of this Redis belongs to an installation whose secret key has the id AAAAAAAA \(this one has [\w-]{8}\): set LONGHAUL_SECRET_KEY .+$/m,
    )
    expect(await redis.keys('{lh:keys}:*')).toEqual([])

    await redis.set(mark, 'free')
    const first = await startApp(app, { ...env, LONGHAUL_SECRET_KEY: secretKey })
    const own = await redis.get(mark)
    expect(own).toMatch(/^[\w-]{8}$/)
    // A second process of the same installation, with another list of keys.
    const changed = { LONGHAUL_SECRET_KEY: secretKey, LONGHAUL_API_KEYS: `new:${testKey}-changed` }
    const second = await startApp(app, { ...env, ...changed })
    expect(await redis.get(mark)).toBe(own)

    await redis.del(mark)
    await redis.set(mark, 'BBBBBBBB')
    expect(await Promise.all([first.exited, second.exited])).toEqual([0, 0])
    expect(first.log.join('\n')).toContain('namespace taken over, shutting down')
    expect(await redis.get(mark)).toBe('BBBBBBBB')
  })
})

test('without a secret key an API process that has none of the workspaces is refused', async ({
  redis,
  redisUrl,
  startApp,
}) => {
  await redis.ping()
  const env = { REDIS_URL: redisUrl, LONGHAUL_UNSAFE_REDIS: '1' }
  const first = await startApp('api', { ...env, LONGHAUL_API_KEYS: `test:${testKey}` })
  const others = { ...env, LONGHAUL_API_KEYS: `others:${testKey}-of-others` }
  for (const more of [{}, { LONGHAUL_SECRET_KEY: secretKey }]) {
    await expect(startApp('api', { ...others, ...more })).rejects.toThrow(
      /^The namespace lh of this Redis has API keys, and none of a workspace of LONGHAUL_API_KEYS, .+$/m,
    )
  }
  expect(await status(first.url, testKey)).toBe(200)
  const changed = { LONGHAUL_API_KEYS: `test:${testKey}-changed`, LONGHAUL_SECRET_KEY: secretKey }
  const second = await startApp('api', { ...env, ...changed })
  expect(await status(second.url, `${testKey}-changed`)).toBe(200)
  expect(await redis.get(mark)).toMatch(/^[\w-]{8}$/)
})

test('without a secret key a worker and an API process with a known workspace start in a marked namespace', async ({
  redis,
  redisUrl,
  startApp,
}) => {
  await redis.ping()
  const env = {
    REDIS_URL: redisUrl,
    LONGHAUL_UNSAFE_REDIS: '1',
    LONGHAUL_API_KEYS: `test:${testKey}`,
  }
  await redis.set(mark, 'AAAAAAAA')
  await expect(startApp('api', env)).rejects.toThrow(/ AAAAAAAA \(LONGHAUL_SECRET_KEY is not set\)/)
  expect(await redis.keys('{lh:keys}:*')).toEqual([])
  await redis.del(mark)
  await startApp('api', { ...env, LONGHAUL_SECRET_KEY: secretKey })
  const own = await redis.get(mark)
  const [api] = await Promise.all([startApp('api', env), startApp('worker', env)])
  expect(await status(api.url, testKey)).toBe(200)
  expect(await redis.get(mark)).toBe(own)
})

test('two installations with their own namespaces share a Redis without touching each other', async ({
  redis,
  redisUrl,
}) => {
  await redis.ping()
  const one = await startCluster({ redisUrl, env: { LONGHAUL_LOCK_MS: '1000' } })
  onTestFinished(() => one.kill())
  const otherKey = `${testKey}-of-others`
  const other = await startCluster({
    redisUrl,
    env: {
      LONGHAUL_LOCK_MS: '1000',
      LONGHAUL_NAMESPACE: 'other-1',
      LONGHAUL_API_KEYS: `others:${otherKey}`,
      LONGHAUL_SECRET_KEY: secretKey,
    },
  })
  onTestFinished(() => other.kill())
  expect((await answer(one.url, testKey)).text).toContain('You said: hello')
  expect((await answer(other.url, otherKey)).text).toContain('You said: hello')
  expect((await answer(one.url, otherKey)).status).toBe(401)
  expect((await answer(other.url, testKey)).status).toBe(401)
  expect([one.model.requests.length, other.model.requests.length]).toEqual([1, 1])

  const names = await redis.keys('*')
  expect(names.filter((name) => !/^\{(?:lh|other-1):/.test(name))).toEqual([])
  const kinds = (of: string) => {
    const own = names.filter((name) => name.startsWith(`{${of}:`))
    return new Set(own.map((name) => name.replace(`{${of}:`, '').replace(/[\da-zA-Z_-]{16,}/, '')))
  }
  for (const kind of ['s0}:tickets:meta', 's0}:workers', 'keys}:bootstrap', 'shards}']) {
    expect(kinds('lh')).toContain(kind)
    expect(kinds('other-1')).toContain(kind)
  }
  const clients = String(await redis.client('LIST'))
  expect(clients).toMatch(/name=longhaul-requests /)
  expect(clients).toMatch(/name=longhaul-other-1-requests /)

  const own = await redis.get('{other-1:installation}')
  await redis.flushdb()
  await expect.poll(() => redis.get('{other-1:installation}')).toBe(own)
  await expect.poll(() => status(one.url, testKey)).toBe(200)
  await expect.poll(() => status(other.url, otherKey)).toBe(200)
})

async function status(url: string, key: string): Promise<number> {
  return (await fetch(`${url}/v2/agents`, { headers: { authorization: `Bearer ${key}` } })).status
}

async function answer(url: string, key: string) {
  const reply = await fetch(`${url}/v1/responses`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'openai/scripted', input: 'hello' }),
  })
  return { status: reply.status, text: await reply.text() }
}
