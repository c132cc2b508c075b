import { startRedis, startCluster, test, testKey } from '@longhaul/testbed'
import { Redis } from 'ioredis'
import { describe, expect, onTestFinished } from 'vitest'

describe.each(['api', 'worker'] as const)('the %s process', (app) => {
  test('refuses a Redis that may lose tasks, unless that is configured', async ({ startApp }) => {
    const server = await serverWith(['--appendonly', 'no', '--maxmemory-policy', 'allkeys-lru'])
    const env = { REDIS_URL: server.url, LONGHAUL_API_KEYS: `test:${testKey}` }
    await expect(startApp(app, env)).rejects.toThrow(
      /\nRedis evicts keys \(maxmemory-policy allkeys-lru\): set it to noeviction; Redis keeps no append-only file: .+ LONGHAUL_UNSAFE_REDIS=1 .+$/m,
    )
    const started = await startApp(app, { ...env, LONGHAUL_UNSAFE_REDIS: '1' })
    expect(await started.stop()).toBe(0)
  })

  test('does not start when its Redis does not have the database', async ({
    redisUrl,
    startApp,
  }) => {
    const url = new URL(redisUrl)
    url.pathname = '/99'
    const env = { REDIS_URL: url.href, LONGHAUL_API_KEYS: `test:${testKey}` }
    await expect(startApp(app, { ...env, LONGHAUL_UNSAFE_REDIS: '1' })).rejects.toThrow(
      /^REDIS_URL names database 99, which this Redis does not have: .+$/m,
    )
  })

  test('waits for a replica to become the primary', async ({ startApp }) => {
    const server = await serverWith(['--replicaof', '127.0.0.1 1'])
    const starting = startApp(app, { REDIS_URL: server.url, LONGHAUL_API_KEYS: `test:${testKey}` })
    const redis = new Redis(server.url)
    // It retries, concurrently with this test and with the clients' own check of a new connection.
    let mine = 0
    const itsQuestions = async () => {
      mine += 1
      const [, asked] = /cmdstat_info:calls=(\d+)/.exec(await redis.info('commandstats')) ?? []
      return Number(asked ?? 0) - mine
    }
    await expect.poll(itsQuestions).toBeGreaterThan(5)
    await redis.replicaof('NO', 'ONE')
    redis.disconnect()
    const started = await starting
    expect(started.log.join('\n')).toContain('Redis is a replica of 127.0.0.1:1')
    expect(await started.stop()).toBe(0)
  })
})

/** The permissions in the documentation. As on many managed servers, the user may not read the configuration. */
const rights = ['>password', '~{lh:*', '&*', '+@all', '-@admin', '-@dangerous', '+info']

test('a Redis user needs no more permissions than documented', async () => {
  const server = await serverWith([])
  const redis = new Redis(server.url)
  await redis.acl('SETUSER', 'longhaul', 'on', ...rights)
  redis.disconnect()
  const url = new URL(server.url)
  url.username = 'longhaul'
  url.password = 'password'
  const cluster = await startCluster({ redisUrl: url.href, env: { LONGHAUL_UNSAFE_REDIS: '0' } })
  onTestFinished(() => cluster.kill())
  const { status } = await cluster.call('POST', '/v2/agents', {
    key: 'plain',
    role: 'tester',
    description: 'answers',
    instructions: 'answer',
    path: 'tests',
    model: 'openai/scripted',
    settings: { tools: [] },
  })
  expect(status).toBe(201)
  const message = { role: 'user', parts: [{ kind: 'text', text: 'hello' }] }
  const { body } = await cluster.call('POST', '/v2/agents/plain/responses', { message })
  expect(body).toMatchObject({ output: [{ parts: [{ text: 'You said: hello' }] }] })
  for (const { log } of [cluster.api, ...cluster.workers])
    expect(log.join('\n')).not.toContain('NOPERM')
})

async function serverWith(flags: string[]) {
  const server = await startRedis({ flags })
  onTestFinished(() => server.stop())
  return server
}
