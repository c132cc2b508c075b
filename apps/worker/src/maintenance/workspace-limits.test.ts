import { startCluster, type Cluster } from '@longhaul/testbed'
import { shardOf } from '@longhaul/core'
import { expect, onTestFinished } from 'vitest'
import { asked, completed, createPlain, often, submit, test } from '../plain.fixture.ts'

const hang = [{ fault: 'hang' }]
const limitsPath = ({ workspace }: Cluster) => `/v2/admin/workspaces/${workspace}/limits`

async function change(cluster: Cluster, limits: object): Promise<Record<string, unknown>> {
  const { status, body } = await cluster.call('PATCH', limitsPath(cluster), limits)
  expect([status, body]).toEqual([200, body])
  return body
}

async function now(cluster: Cluster) {
  return (await cluster.call('GET', '/v2/limits')).body['now']
}

test('turns beyond a limit wait, and start when the limit is raised', async ({ cluster }) => {
  await cluster.startWorker()
  await change(cluster, { running: 1 })
  for (let at = 0; at < 3; at += 1) await submit(cluster, hang)
  await asked(cluster, 1)
  await expect
    .poll(() => now(cluster))
    .toMatchObject({ queued: 2, running: 1, parked: 0, tasks: 3 })
  await change(cluster, { running: 2 })
  await asked(cluster, 2)
  const { body } = await cluster.call('GET', '/v2/limits')
  expect(body).toMatchObject({ running: 2, queued: 100_000, overridden: ['running'] })
  expect((await cluster.call('GET', limitsPath(cluster))).body).toMatchObject({ running: 2 })
  const free = await change(cluster, { running: null })
  expect(free).toMatchObject({ overridden: [] })
  expect(free).not.toHaveProperty('running')
  await asked(cluster, 3)
})

test('a paused workspace accepts turns, and starts them after the pause', async ({ cluster }) => {
  await cluster.startWorker()
  await change(cluster, { paused: true })
  const task = await submit(cluster, [{ text: 'done' }])
  // A worker that starts now starts no turn either. Its reconciler runs every second, and changes nothing.
  await cluster.startWorker(often)
  await expect.poll(() => now(cluster)).toMatchObject({ queued: 1, running: 0 })
  expect(await now(cluster)).toMatchObject({ oldest_queued_seconds: expect.any(Number) })
  expect(cluster.model.requests).toHaveLength(0)
  expect(await change(cluster, { paused: false })).toMatchObject({ paused: false })
  await completed(cluster, task)
  expect((await change(cluster, { paused: null }))['overridden']).toEqual([])
})

test('wrong limits are refused by their names, and change nothing', async ({ cluster }) => {
  const before = (await cluster.call('GET', limitsPath(cluster))).body
  const wrong: [object, string][] = [
    [{ weight: 2, running: 0 }, 'running'],
    [{ weight: 2, models: { openai: { requests_per_minute: 1 } } }, 'models.openai'],
    [{ weight: 2, models: { 'openai/*': { tokens_per_minute: 'many' } } }, 'models.openai/*'],
    [{ weight: 2, overrides: { 'user-7': { running: 1 } } }, 'overrides.user-7'],
  ]
  for (const [limits, path] of wrong) {
    const { status, body } = await cluster.call('PATCH', limitsPath(cluster), limits)
    const errors = [{ path: expect.stringContaining(path) }]
    expect([status, body]).toMatchObject([400, { errors }])
  }
  const name = await cluster.call('PATCH', '/v2/admin/workspaces/a%20b/limits', { weight: 2 })
  expect(name).toMatchObject({ status: 400, body: { errors: [{ path: 'workspace' }] } })
  expect((await cluster.call('GET', limitsPath(cluster))).body).toMatchObject({
    overridden: before['overridden'],
  })
  // The key of a workspace reads its limits, and changes none.
  expect((await cluster.call('PATCH', '/v2/limits', { weight: 2 })).status).toBe(405)
})

test('the limits of the installation hold, and a spread workspace uses its shards', async ({
  redisUrl,
}) => {
  const env = {
    LONGHAUL_SHARDS: '4',
    LONGHAUL_LIMITS: '{"running":2,"weight":3}',
    LONGHAUL_DRAIN_MS: '0',
  }
  const cluster = await startCluster({ redisUrl, workers: 0, env })
  onTestFinished(() => cluster.kill())
  await createPlain(cluster)
  expect(await change(cluster, {})).toMatchObject({ running: 2, weight: 3, overridden: [] })
  const first = await submit(cluster, hang)
  const second = await submit(cluster, hang)
  expect(shardOf(second)).toBe(shardOf(first))
  await change(cluster, { spread: 2 })
  // The API that answered knows the change at once.
  const tasks = [first, second]
  for (let at = 0; at < 12; at += 1) tasks.push(await submit(cluster, hang))
  expect(new Set(tasks.map(shardOf))).toEqual(new Set([shardOf(first), (shardOf(first) + 1) % 4]))
  await cluster.startWorker()
  await expect.poll(() => now(cluster)).toMatchObject({ queued: 12, running: 2 })
  await expect.poll(() => cluster.model.requests.length).toBe(2)
})

test('a process with wrong limits in its environment does not start', async ({ startApp }) => {
  const start = (limits: string) =>
    startApp('worker', { REDIS_URL: 'redis://127.0.0.1:1', LONGHAUL_LIMITS: limits })
  await expect(start('{"runing":1}')).rejects.toThrow(/LONGHAUL_LIMITS .*no limit "runing"/)
  await expect(start('{"running":0}')).rejects.toThrow(/its running must be a whole number/)
  await expect(start('{"overrides":{}}')).rejects.toThrow(/overrides belong to one workspace/)
  await expect(start('{')).rejects.toThrow(/is not JSON/)
})
