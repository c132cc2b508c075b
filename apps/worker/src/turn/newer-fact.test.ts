import { planVersion } from '@longhaul/core'
import { shardKeys } from '@longhaul/redis'
import { type Cluster, workerTest } from '@longhaul/testbed'
import { Redis } from 'ioredis'
import { expect } from 'vitest'
import { logged, scripted } from '../plain.fixture.ts'

const test = workerTest
  .extend('own', { scope: 'file' }, async ({ workspace }, { onCleanup }) => {
    const own = new Redis(workspace.redisUrl)
    onCleanup(() => own.disconnect())
    return own
  })
  .extend('workspace', { scope: 'file' }, async ({ lent: cluster }) => {
    for (const key of ['waiting', 'planned', 'running']) {
      const { status } = await cluster.call('POST', '/v2/agents', {
        key,
        role: 'tester',
        description: 'answers',
        instructions: 'answer',
        path: 'tests',
        model: 'openai/scripted',
        settings: { tools: [{ type: 'current_date' }] },
      })
      expect(status).toBe(201)
    }
    return cluster
  })

test('facts of a newer version are left alone, and the turn continues once they can be read', async ({
  cluster,
  own,
}) => {
  const waiting = await submit(cluster, 'waiting', [{ text: 'done' }])
  await setVersion(own, waiting, 0, 2)
  const before = await recorded(own, waiting)
  const planned = await submit(cluster, 'planned', [{ text: 'done' }])
  const [started = ''] = await own.lrange(logOf(planned), 0, 0)
  const plan = `{lh:w:${cluster.workspace}}:plan:${(JSON.parse(started) as { plan: string }).plan}`
  const written = (await own.get(plan)) ?? ''
  await own.set(plan, written.replace('"v":1', `"v":${planVersion + 1}`))

  const worker = await cluster.startWorker()
  const calls = [{ id: 'c1', name: 'current_date', arguments: {} }]
  const running = await submit(cluster, 'running', [{ delay: 500, calls }, { text: 'done' }])
  await expect.poll(() => asked(cluster, running)).toBe(1)
  const pos = await own.hincrby(headOf(running), 'pos', 1)
  await own.rpush(logOf(running), `{"v":2,"pos":${pos},"at":1,"type":"something.new"}`)

  // The running turn is released during its step. The others never started.
  await expect.poll(() => own.hget(headOf(running), 'status')).toBe('queued')
  // Reconcilers offer the turn again from time to time.
  await expect.poll(() => own.zcard(shardKeys(0).newer)).toBeGreaterThan(0)
  await expect.poll(() => logged(worker, 'turn released')).toBeGreaterThan(1)
  expect(await recorded(own, waiting)).toEqual(before)
  expect([asked(cluster, waiting), asked(cluster, planned), asked(cluster, running)]).toEqual([
    0, 0, 1,
  ])

  await setVersion(own, waiting, 0, 1)
  await own.set(plan, written)
  await setVersion(own, running, (await own.lrange(logOf(running), 0, -1)).findIndex(isNew), 1)
  await Promise.all([
    ended(cluster, 'waiting', waiting),
    ended(cluster, 'planned', planned),
    ended(cluster, 'running', running),
  ])
  expect([asked(cluster, waiting), asked(cluster, running)]).toEqual([1, 2])
})

const headOf = (task: string) => `${shardKeys(0).tag}:task:${task}`
const logOf = (task: string) => `${headOf(task)}:log`
const isNew = (fact: string) => fact.startsWith('{"v":2,')

/** Changes the version of a fact, by its index from 0. */
async function setVersion(redis: Redis, task: string, at: number, version: number): Promise<void> {
  const fact = (await redis.lindex(logOf(task), at)) ?? ''
  await redis.lset(logOf(task), at, fact.replace(/^\{"v":\d+/, `{"v":${version}`))
}

async function recorded(redis: Redis, task: string): Promise<unknown> {
  return [await redis.hgetall(headOf(task)), await redis.lrange(logOf(task), 0, -1)]
}

async function submit(cluster: Cluster, agent: string, script: unknown[]): Promise<string> {
  const path = `/v2/agents/${agent}/responses`
  const { status, body } = await cluster.call('POST', path, {
    background: true,
    ...scripted(script),
  })
  expect(status).toBe(200)
  return String(body['task_id'])
}

function asked(cluster: Cluster, task: string): number {
  return cluster.model.requests.filter((request) => request.idempotencyKey?.includes(task)).length
}

async function ended(cluster: Cluster, agent: string, task: string): Promise<void> {
  const read = async () => (await cluster.call('GET', `/v2/agents/${agent}/responses/${task}`)).body
  await expect.poll(async () => (await read())['status']).toBe('completed')
}
