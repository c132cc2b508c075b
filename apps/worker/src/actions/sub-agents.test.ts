import { limits } from '@longhaul/core'
import type { Cluster } from '@longhaul/testbed'
import { Redis } from 'ioredis'
import { describe, expect } from 'vitest'
import { often } from '../plain.fixture.ts'
import { test as base } from '../relay.fixture.ts'

const test = base
  .extend('workspace', { scope: 'file' }, async ({ lent: cluster }) => {
    await cluster.call('POST', '/v2/agents', agent('member', {}))
    for (const key of ['leader', 'crowd']) {
      const team = { team_of_agents: [{ key: 'member' }] }
      const settings = { tools: [{ type: 'call_sub_agent' }] }
      expect(
        await cluster.call('POST', '/v2/agents', { ...agent(key, settings), ...team }),
      ).toMatchObject({ status: 201 })
    }
    return cluster
  })
  /** The facts of a task in Redis. */
  .extend('logOf', { scope: 'file' }, async ({ workspace }, { onCleanup }) => {
    const own = new Redis(workspace.redisUrl)
    onCleanup(() => own.disconnect())
    return async (task: string) => {
      const texts = await own.lrange(`{lh:s0}:task:${task}:log`, 0, -1)
      return texts.map(
        (text) =>
          JSON.parse(text) as {
            type: string
            taskId?: string
            result?: unknown
            callerWait?: number
          },
      )
    }
  })

/** The commands to Redis at which the worker dies: of the parent, of the child and of the child's answer. */
const moments = [
  ['the call', '"type":"tool.called"'],
  ['the task of the sub-agent', '"type":"child.started"'],
  ['the parking of the caller', '"type":"turn.parked"'],
  [
    'the answer of the sub-agent',
    '"type":"step.finished","step":1,"modelIndex":0,"model":"openai/scripted","reason":"stop"',
  ],
  ['the end of the sub-agent', '"type":"turn.completed"'],
  ['the answer to the caller', '"type":"tool.returned"'],
] as const

describe.each(moments)('a worker killed while it records %s', (_, text) => {
  test.for(['before', 'after'] as const)(
    '%s Redis has it',
    async (when, { workspace: cluster, relay, logOf }) => {
      const task = await relay({ text, when }, () => submit(cluster, 'leader'), often)
      await untilDone(cluster, 'leader', task)

      const log = await logOf(task)
      const count = (type: string) => log.filter((entry) => entry.type === type).length
      expect([count('child.started'), count('tool.returned'), count('tool.failed')]).toEqual([
        1, 1, 0,
      ])
      const child = log.find(({ type }) => type === 'child.started')?.taskId ?? ''
      // The last step of the sub-agent is recorded together with its end.
      const isOfStep = text.includes('step.finished') || text.includes('turn.completed')
      const lost = when === 'before' && isOfStep ? 1 : 0
      // The call is recorded together with the reply that made it.
      const lostCall = when === 'before' && text.includes('tool.called') ? 1 : 0
      const asked = [1, 2].map((step) => requestsOf(cluster, task, step))
      expect(asked).toEqual([1 + lostCall, 1])
      expect(requestsOf(cluster, child, 1)).toBe(1 + lost)
    },
  )
})

test('a hundred parents on one worker for ten concurrent turns all end', async ({
  cluster,
  logOf,
}) => {
  await cluster.startWorker({ LONGHAUL_CONCURRENCY: '10' })
  const tasks = await Promise.all(Array.from({ length: 100 }, () => submit(cluster, 'crowd')))
  await Promise.all(tasks.map((task) => untilDone(cluster, 'crowd', task)))
  const children = await Promise.all(
    tasks.map(
      async (task) => (await logOf(task)).filter(({ type }) => type === 'child.started').length,
    ),
  )
  expect(children).toEqual(Array(100).fill(1))
})

test('a turn calls a limited number of agents, and the model receives an error for the others', async ({
  cluster,
  logOf,
}) => {
  await cluster.startWorker({ LONGHAUL_CONCURRENCY: '10' })
  const calls = Array.from({ length: limits.children + 2 }, (_, at) => call(`c${at}`))
  const task = await submit(cluster, 'crowd', [{ calls }, { text: 'done' }])
  await untilDone(cluster, 'crowd', task)
  const log = await logOf(task)
  const count = (type: string) => log.filter((entry) => entry.type === type).length
  expect([count('child.started'), count('tool.returned'), count('tool.failed')]).toEqual([
    limits.children,
    limits.children,
    2,
  ])
})

test('a tree calls a limited number of agents, and the model receives an error for the others', async ({
  cluster,
  logOf,
}) => {
  await cluster.startWorker()
  const task = await submit(cluster, 'leader', [
    { delay: 500, calls: [call('c1'), call('c2')] },
    { text: 'done' },
  ])
  await expect.poll(() => requestsOf(cluster, task, 1)).toBe(1)
  const own = new Redis(cluster.redisUrl)
  const head = `{lh:s0}:task:${task}`
  await own.hset(head, 'children:1', limits.treeChildren - 1)
  await untilDone(cluster, 'leader', task)
  expect(await own.hget(head, 'children:1')).toBe(String(limits.treeChildren))
  own.disconnect()
  const log = await logOf(task)
  const count = (type: string) => log.filter((entry) => entry.type === type).length
  expect([count('child.started'), count('tool.returned'), count('tool.failed')]).toEqual([1, 1, 1])
  expect(log.find(({ type }) => type === 'tool.failed')).toMatchObject({
    error: expect.stringMatching(/^not made: .* no more can be started$/),
  })
})

test('a tree of turns makes no model calls beyond its limit', async ({ cluster, logOf }) => {
  await cluster.startWorker()
  const task = await submit(cluster, 'leader', [
    { delay: 500, calls: [call('c1')] },
    { text: 'never' },
  ])
  await expect.poll(() => requestsOf(cluster, task, 1)).toBe(1)
  const own = new Redis(cluster.redisUrl)
  await own.hset(`{lh:s0}:task:${task}`, 'tree:1', limits.treeCalls)
  own.disconnect()
  const body = await untilDone(cluster, 'leader', task)
  expect(body).toMatchObject({ finish_reason: 'max_iterations' })
  const log = await logOf(task)
  const child = log.find(({ type }) => type === 'child.started')?.taskId ?? ''
  expect(requestsOf(cluster, child, 1)).toBe(0)
  expect(log.find(({ type }) => type === 'tool.returned')).toMatchObject({
    result: { finish_reason: 'max_iterations' },
  })
})

test("a sub-agent whose provider fails has the patience of the root's caller, and its retries count once", async ({
  cluster,
  logOf,
}) => {
  await cluster.startWorker()
  const away = [{ status: 503 }, { status: 503 }, { text: 'back' }]
  const script = [{ calls: [call('c1', [away])] }, { text: 'done', delay: 500 }]
  const path = '/v2/agents/leader/responses'
  const reply = cluster.call('POST', path, { message: messageOf(script) })
  await expect
    .poll(() => cluster.model.requests.filter(({ body }) => body.messages?.at(-1)?.role === 'tool'))
    .toHaveLength(1)
  const listed = (await cluster.call('GET', path)).body['data'] as { task_id: string }[]
  const task = listed[0]?.task_id ?? ''
  const own = new Redis(cluster.redisUrl)
  expect(await own.hget(`{lh:s0}:task:${task}`, 'tree:1')).toBe('3')
  own.disconnect()
  expect(await reply).toMatchObject({ status: 200 })

  const log = await logOf(task)
  const child = log.find(({ type }) => type === 'child.started')?.taskId ?? ''
  expect(requestsOf(cluster, child, 1)).toBe(3)
  const waits = [log, await logOf(child)].map(([started]) => started?.callerWait)
  expect(waits).toEqual([280_000, 280_000])
})

test('a sub-agent ends when its parent must end', async ({ cluster, logOf }) => {
  const api = await cluster.startApi({ LONGHAUL_TURN_DEADLINE: '3s' })
  await cluster.startWorker(often)
  const slow = { calls: [call('c1', [{ delay: 30_000, text: 'late' }])] }
  const message = messageOf([slow, { text: 'never' }])
  const reply = await fetch(`${api.url}/v2/agents/leader/responses`, {
    method: 'POST',
    headers: { authorization: `Bearer ${cluster.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ background: true, message }),
  })
  const { task_id: task } = (await reply.json()) as { task_id: string }
  await expect
    .poll(async () => (await read(cluster, 'leader', task))['error'] ?? '')
    .toMatch(/^deadline/)
  const child = (await logOf(task)).find(({ type }) => type === 'child.started')?.taskId ?? ''
  await expect.poll(async () => (await read(cluster, 'member', child))['status']).toBe('failed')
})

function agent(key: string, settings: object) {
  return {
    key,
    role: 'tester',
    description: 'd',
    instructions: 'do it',
    path: 'tests',
    model: 'openai/scripted',
    settings,
  }
}

function call(id: string, script: object[] = [{ text: `from ${id}` }]) {
  const args = { agent_key: 'member', message: JSON.stringify({ script }) }
  return { id, name: 'call_sub_agent', arguments: args }
}

function messageOf(script: object[]) {
  return { role: 'user', parts: [{ kind: 'text', text: JSON.stringify({ script }) }] }
}

async function submit(
  cluster: Cluster,
  key: string,
  script: object[] = [{ calls: [call('c1')] }, { text: 'done' }],
): Promise<string> {
  const { status, body } = await cluster.call('POST', `/v2/agents/${key}/responses`, {
    background: true,
    message: messageOf(script),
  })
  expect(status).toBe(200)
  return String(body['task_id'])
}

async function read(cluster: Cluster, key: string, task: string): Promise<Record<string, unknown>> {
  return (await cluster.call('GET', `/v2/agents/${key}/responses/${task}`)).body
}

async function untilDone(cluster: Cluster, key: string, task: string) {
  await expect.poll(async () => (await read(cluster, key, task))['status']).toBe('completed')
  return await read(cluster, key, task)
}

/** The number of model calls for a step of a task's first turn. */
function requestsOf({ model }: Cluster, task: string, step: number): number {
  const key = `resp_${task}0001.${step}`
  return model.requests.filter(({ idempotencyKey }) => idempotencyKey === key).length
}
