import type { AppProcess } from '@longhaul/testing'
import { expect } from 'vitest'
import { completed, dateCall, often, path, read, submit, test } from './plain.fixture.ts'

const first = { text: 'one', calls: [dateCall] }
const calmDown = (seconds: number) => ({
  status: 429,
  headers: { 'retry-after': String(seconds) },
  body: { error: { message: 'calm down' } },
})

test('a turn that its provider puts off for long waits without a worker, and goes on by itself', async ({
  stack,
}) => {
  const worker = await stack.startWorker(often)
  const task = await submit(stack, [first, [calmDown(11), { text: 'two' }]])
  await untilParked(worker)
  expect(await metric(worker, 'longhaul_turns_running')).toBe(0)
  expect(await read(stack, task)).toMatchObject({ status: 'in_progress' })

  // Nobody holds it: the worker may go, and another takes it up when the time has come.
  await worker.kill()
  await stack.startWorker(often)
  await completed(stack, task)
  const { requests } = stack.model
  const keys = requests.map(({ idempotencyKey = '' }) => idempotencyKey.replace(/^.*\./, ''))
  expect(keys).toEqual(['1', '2', '2'])
  expect((requests[2]?.at ?? 0) - (requests[1]?.at ?? 0)).toBeGreaterThanOrEqual(11_000)
})

test('a parked turn is cancelled at once', async ({ stack }) => {
  const worker = await stack.startWorker()
  const task = await submit(stack, [calmDown(3_600)])
  await untilParked(worker)
  const { status, body } = await stack.call('POST', `${path}/${task}/cancel`)
  expect(status).toBe(200)
  expect(body).toMatchObject({ status: 'failed', error: 'cancelled' })
  expect(stack.model.requests).toHaveLength(1)
})

async function untilParked(worker: AppProcess): Promise<void> {
  await expect.poll(() => metric(worker, 'longhaul_turns_parked_total')).toBe(1)
}

async function metric({ url }: AppProcess, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1])
}
