import { type Stack, startStack, test as base } from '@longhaul/testing'
import { expect } from 'vitest'

const path = '/v2/agents/plain/responses'

const test = base.extend('stack', async ({ redis, redisUrl }, { onCleanup }) => {
  expect(await redis.dbsize()).toBe(0)
  const stack = await startStack({ redisUrl, env: { LONGHAUL_LOCK_MS: '1000' } })
  onCleanup(() => stack.stop())
  await stack.call('POST', '/v2/agents', {
    key: 'plain',
    role: 'tester',
    description: 'answers',
    instructions: 'answer',
    path: 'tests',
    model: 'openai/scripted',
    settings: { tools: [{ type: 'current_date' }] },
  })
  return stack
})

const dateCall = { id: 'c1', name: 'current_date', arguments: {} }
const first = { text: 'one', calls: [dateCall] }
const calmDown = (seconds: number) => ({
  status: 429,
  headers: { 'retry-after': String(seconds) },
  body: { error: { message: 'calm down' } },
})

test('a turn that its provider puts off for long waits without a worker, and goes on by itself', async ({
  stack,
}) => {
  const [worker] = stack.workers
  const task = await submit(stack, [first, [calmDown(11), { text: 'two' }]])
  await untilParked(stack)
  expect(await metric(worker?.url, 'longhaul_turns_running')).toBe(0)
  expect(await read(stack, task)).toMatchObject({ status: 'in_progress' })

  // Nobody holds it: the worker may go, and another takes it up when the time has come.
  await worker?.kill()
  await stack.startWorker()
  await expect
    .poll(async () => (await read(stack, task))['status'], { timeout: 20_000 })
    .toBe('completed')
  const { requests } = stack.model
  const keys = requests.map(({ idempotencyKey = '' }) => idempotencyKey.replace(/^.*\./, ''))
  expect(keys).toEqual(['1', '2', '2'])
  expect((requests[2]?.at ?? 0) - (requests[1]?.at ?? 0)).toBeGreaterThanOrEqual(11_000)
})

test('a parked turn is cancelled at once', async ({ stack }) => {
  const task = await submit(stack, [calmDown(3_600)])
  await untilParked(stack)
  const { status, body } = await stack.call('POST', `${path}/${task}/cancel`)
  expect(status).toBe(200)
  expect(body).toMatchObject({ status: 'failed', error: 'cancelled' })
  expect(stack.model.requests).toHaveLength(1)
})

async function submit(stack: Stack, script: unknown[]): Promise<string> {
  const text = JSON.stringify({ script })
  const message = { role: 'user', parts: [{ kind: 'text', text }] }
  const { status, body } = await stack.call('POST', path, { background: true, message })
  expect(status).toBe(200)
  return String(body['task_id'])
}

async function read(stack: Stack, task: string): Promise<Record<string, unknown>> {
  return (await stack.call('GET', `${path}/${task}`)).body
}

async function untilParked({ workers: [worker] }: Stack): Promise<void> {
  await expect
    .poll(() => metric(worker?.url, 'longhaul_turns_parked_total'), { timeout: 10_000 })
    .toBe(1)
}

async function metric(url: string | undefined, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1])
}
