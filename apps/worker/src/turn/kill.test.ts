import { responseId } from '@longhaul/core'
import type { Cluster } from '@longhaul/testbed'
import { describe, expect } from 'vitest'
import { test as base } from '../relay.fixture.ts'

const test = base.extend('workspace', { scope: 'file' }, async ({ lent }) => {
  await lent.call('POST', '/v2/agents', agent)
  return lent
})

const steps = [1, 2, 3].map((step) => [`step ${step}`, `"step.finished","step":${step}`] as const)
const calls = ['c1', 'c2'].flatMap((id) => [
  [`the start of call ${id}`, `"tool.called","callId":"${id}"`] as const,
  [`the result of call ${id}`, `"tool.returned","callId":"${id}"`] as const,
])
const end = ['the end', '"type":"turn.completed"'] as const

describe.each([...steps, ...calls, end])('a worker killed while it records %s', (_, text) => {
  test.for(['before', 'after'] as const)('%s Redis has it', async (when, { workspace, relay }) => {
    const task = await relay({ text, when }, () => submit(workspace))
    await runToEnd(workspace, task)

    // A reply is recorded together with its calls of `current_date`, the last one together with the end.
    const recorded = text === end[1] ? '3' : /(?:step":|callId":"c)(.)/.exec(text)?.[1]
    const lost = when === 'before' ? recorded : undefined
    const asked = [1, 2, 3].map((step) => requestsOf(workspace, task, step))
    expect(asked).toEqual([1, 2, 3].map((step) => (String(step) === lost ? 2 : 1)))
  })
})

test.for([1, 2, 3])('a worker killed in the middle of model call %i', async (step, { cluster }) => {
  // The last worker of the previous tests.
  await cluster.killAllBut([])
  const worker = await cluster.startWorker()
  const task = await submit(cluster, step)
  await expect.poll(() => requestsOf(cluster, task, step)).toBe(1)
  await worker.kill()
  await cluster.expireLeases()
  await cluster.startWorker()
  await runToEnd(cluster, task)
  expect([1, 2, 3].map((each) => requestsOf(cluster, task, each))).toEqual(
    [1, 2, 3].map((each) => (each === step ? 2 : 1)),
  )
})

const agent = {
  key: 'three-steps',
  role: 'tester',
  description: 'asks for the date twice',
  instructions: 'do it',
  path: 'tests',
  model: 'openai/scripted',
  settings: { tools: [{ type: 'current_date' }] },
}

/** A turn of three model calls with tool calls between them. One of the calls may hang when it is first made. */
async function submit(cluster: Cluster, hanging?: number): Promise<string> {
  const replies = [
    { text: 'one', calls: [dateCall('c1')] },
    { text: 'two', calls: [dateCall('c2')] },
    { text: 'three' },
  ]
  const script = replies.map((reply, at) =>
    at + 1 === hanging ? [{ fault: 'hang' }, reply] : reply,
  )
  const message = { role: 'user', parts: [{ kind: 'text', text: JSON.stringify({ script }) }] }
  const path = '/v2/agents/three-steps/responses'
  const { status, body } = await cluster.call('POST', path, { background: true, message })
  expect(status).toBe(200)
  return String(body['task_id'])
}

function dateCall(id: string) {
  return { id, name: 'current_date', arguments: {} }
}

/** Another worker takes over and completes the task: one end, its usage counted once. */
async function runToEnd(cluster: Cluster, task: string): Promise<void> {
  const read = () => cluster.call('GET', `/v2/agents/three-steps/responses/${task}`)
  let body: Record<string, unknown> = {}
  async function status(): Promise<unknown> {
    body = (await read()).body
    return body['status']
  }
  await expect.poll(status).toBe('completed')
  expect(body).toMatchObject({
    finish_reason: 'stop',
    output: [{ parts: [{ kind: 'text', text: 'three' }] }],
  })
  expect(body).toMatchObject({ usage: { completion_tokens: 3 } })
  const { body: whole } = await cluster.call(
    'GET',
    `/v2/agents/three-steps/responses/${task}?include=messages`,
  )
  const messages = (whole['output'] as { role: string; parts: { text?: string }[] }[]).slice(1)
  expect(messages.map(({ role }) => role)).toEqual([
    'user',
    'agent',
    'tool',
    'agent',
    'tool',
    'agent',
  ])
}

/** The number of requests for a step in the vendor's own log. */
function requestsOf(cluster: Cluster, task: string, step: number): number {
  const key = `${responseId(task, 1)}.${step}`
  return cluster.model.requests.filter((request) => request.idempotencyKey === key).length
}
