import { paceOf } from '@longhaul/core'
import { callWith, type Cluster } from '@longhaul/testbed'
import { expect } from 'vitest'
import {
  completed,
  createPlain,
  often,
  path,
  redisTest as test,
  scripted,
} from '../plain.fixture.ts'

/** A process whose models have this rate. */
const withRate = (requests: number) => ({
  ...often,
  LONGHAUL_MODEL_LIMITS: JSON.stringify({ 'openai/*': { requests_per_minute: requests } }),
})

test('no call exceeds a rate, no turn is lost with its worker, and the others wait without one', async ({
  cluster,
  redis,
}) => {
  await redis.del('{lh:rates}')
  const env = withRate(12)
  const [api, worker] = await Promise.all([cluster.startApi(env), cluster.startWorker(env)])
  const submit = submitTo(cluster, api.url)
  const tasks = [await submit([{ text: 'a' }]), await submit([{ text: 'b' }])]
  await expect.poll(() => requestsOf(cluster, tasks).length).toBe(2)
  // The next ones wait without a worker.
  tasks.push(await submit([{ text: 'c' }]), await submit([{ text: 'd' }]))
  const waits = async () =>
    await Promise.all(tasks.map((task) => redis.hget(`{lh:s0}:task:${task}`, 'wait')))
  await expect.poll(async () => (await waits()).some((wait) => wait !== null)).toBe(true)
  const wait: unknown = JSON.parse((await waits()).find((text) => text !== null) ?? '')
  expect(wait).toMatchObject({
    kind: 'model_requests',
    bucket: 'openai/*',
    of: 'operator',
    reserved: { model: 'openai/scripted' },
  })
  const { body } = await cluster.call('GET', `${path}/${tasks[3]}/log`)
  const types = (body['data'] as { type: string }[]).map(({ type }) => type)
  expect(types).not.toContain('model.failed')

  await worker.kill()
  await cluster.startWorker(env)
  for (const task of tasks) await completed(cluster, task)
  const starts = requestsOf(cluster, tasks).map(({ at }) => at)
  expect(starts).toHaveLength(4)
  const { burst, interval } = paceOf(12)
  const late = 1_000
  for (const [i, first] of starts.entries())
    for (const [j, last] of starts.entries())
      if (j > i) expect(j - i + 1).toBeLessThanOrEqual(burst + (last - first + late) / interval)
})

test('a vendor that asks for a pause is not called by other turns meanwhile', async ({
  cluster,
  redis,
}) => {
  await redis.del('{lh:rates}')
  const env = withRate(6_000)
  const [api] = await Promise.all([cluster.startApi(env), cluster.startWorker(env)])
  const submit = submitTo(cluster, api.url)
  const pause = { status: 429, headers: { 'retry-after': '5' }, body: { error: { message: 'no' } } }
  const first = await submit([[pause, { text: 'one' }]])
  await expect.poll(() => requestsOf(cluster, [first]).length).toBe(1)
  await expect.poll(() => redis.hget('{lh:rates}', 'requests openai/*')).toSatisfy(isAhead)
  const second = await submit([{ text: 'two' }])
  await completed(cluster, first)
  await completed(cluster, second)
  const [refused] = requestsOf(cluster, [first])
  const [other] = requestsOf(cluster, [second])
  expect((other?.at ?? 0) - (refused?.at ?? 0)).toBeGreaterThanOrEqual(4_900)
})

test('a call that did not reach its vendor costs nothing of the rate', async ({
  cluster,
  redis,
}) => {
  const env = {
    ...often,
    LONGHAUL_PROVIDERS: JSON.stringify({ gone: { base_url: 'http://127.0.0.1:1' } }),
    LONGHAUL_MODEL_LIMITS: JSON.stringify({ 'gone/*': { requests_per_minute: 1 } }),
  }
  await cluster.startWorker(env)
  await createPlain(cluster, { key: 'gone', model: 'gone/model' })
  const sent = { background: true, ...scripted([]) }
  const { body } = await cluster.call('POST', '/v2/agents/gone/responses', sent)
  const facts = () => redis.lrange(`{lh:s0}:task:${String(body['task_id'])}:log`, 0, -1)
  // Without the refund, the second call would wait for a minute.
  const second = /"type":"model.failed".*(?:"type":"model.failed"|model_requests)/s
  await expect.poll(async () => (await facts()).join('')).toMatch(second)
  expect((await facts()).join('')).not.toContain('model_requests')
})

/** Whether a bucket ends more than a second from now. */
function isAhead(stored: string | null): boolean {
  return Number((stored ?? '0 0').split(' ')[1]) > Date.now() + 1_000
}

function submitTo(cluster: Cluster, url: string) {
  const call = callWith(url, cluster.key)
  return async (script: unknown[]): Promise<string> => {
    const { status, body } = await call('POST', path, { background: true, ...scripted(script) })
    expect([status, body]).toEqual([200, body])
    return String(body['task_id'])
  }
}

function requestsOf(cluster: Cluster, tasks: string[]): Cluster['model']['requests'] {
  return cluster.model.requests.filter(({ idempotencyKey = '' }) =>
    tasks.some((task) => idempotencyKey.includes(task)),
  )
}
