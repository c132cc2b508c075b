import { shardKeys } from '@longhaul/redis'
import { shiftedClock, type Stack, startStack, test as base } from '@longhaul/testing'
import { expect } from 'vitest'

const path = '/v2/agents/plain/responses'
const hour = 3_600_000

const test = base.extend('stack', async ({ redis, redisUrl }, { onCleanup }) => {
  expect(await redis.dbsize()).toBe(0)
  const env = { LONGHAUL_LOCK_MS: '1000', LONGHAUL_DRAIN_MS: '700' }
  const stack = await startStack({ redisUrl, workers: 0, env })
  onCleanup(() => stack.stop())
  await stack.call('POST', '/v2/agents', {
    key: 'plain',
    role: 'tester',
    description: 'answers',
    instructions: 'answer',
    path: 'tests',
    model: 'openai/scripted',
    settings: { tools: [] },
  })
  return stack
})

test.for([
  ['an hour ahead', hour],
  ['an hour behind', -hour],
] as const)(
  'a worker whose clock is %s waits as long as it must between two tries of a call',
  async ([, shift], { stack }) => {
    await stack.startWorker(shiftedClock(shift))
    const refusal = { status: 429, headers: { 'retry-after': '2' }, body: {} }
    const task = await submit(stack, [[refusal, { text: 'done' }]])
    await ended(stack, task)
    const [first, second] = stack.model.requests.map(({ at }) => at)
    expect(second! - first!).toBeGreaterThanOrEqual(2_000)
  },
)

test('a worker whose clock is wrong puts off no job for the others', async ({ stack, redis }) => {
  const task = await submit(stack, [{ text: 'done' }])
  const head = `${shardKeys(0).tag}:task:${task}`
  await redis.hset(head, 'v', 2)
  const wrong = await stack.startWorker(shiftedClock(hour))
  const left = () => wrong.log.some((line) => line.includes('turn left to a newer version'))
  await expect.poll(left, { timeout: 10_000 }).toBe(true)
  await redis.hset(head, 'v', 1)
  await wrong.stop()
  await stack.startWorker()
  await ended(stack, task)
})

async function submit(stack: Stack, script: unknown[]): Promise<string> {
  const message = { role: 'user', parts: [{ kind: 'text', text: JSON.stringify({ script }) }] }
  const { body } = await stack.call('POST', path, { background: true, message })
  return String(body['task_id'])
}

async function ended(stack: Stack, task: string): Promise<void> {
  const status = async () => (await stack.call('GET', `${path}/${task}`)).body['status']
  await expect.poll(status, { timeout: 15_000 }).toBe('completed')
}
