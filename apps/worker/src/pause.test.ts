import { type Stack, startStack, test as base } from '@longhaul/testing'
import { expect } from 'vitest'

const path = '/v2/agents/plain/responses'

const test = base
  .extend('stack', { scope: 'file' }, async ({ redisUrl }, { onCleanup }) => {
    // A reconciler passes twice a second: what it adds again must change nothing.
    const stack = await startStack({ redisUrl, env: { LONGHAUL_LOCK_MS: '1000' } })
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
  .extend('submit', ({ stack }) => async (reply: object) => {
    const text = JSON.stringify({ script: [reply] })
    const message = { role: 'user', parts: [{ kind: 'text', text }] }
    const { status, body } = await stack.call('POST', path, { background: true, message })
    expect(status).toBe(200)
    return String(body['task_id'])
  })
  .extend('ends', ({ stack }) => async (task: string) => {
    const read = async () => (await stack.call('GET', `${path}/${task}`)).body['status']
    await expect.poll(read, { timeout: 10_000 }).toBe('completed')
  })

async function total(stack: Stack) {
  return (await stack.call('GET', '/v2/admin')).body['total']
}

async function metric(stack: Stack) {
  const text = await (await fetch(`${stack.url}/metrics`)).text()
  return /^longhaul_shards_paused (\d)$/m.exec(text)?.[1]
}

test('while all is paused what runs goes on, and what comes waits until it is resumed', async ({
  stack,
  submit,
  ends,
}) => {
  const runs = await submit({ delay: 1_500, text: 'one' })
  await expect.poll(() => stack.model.requests.length, { timeout: 10_000 }).toBe(1)
  for (const _ of [1, 2]) {
    const paused = await stack.call('POST', '/v2/admin/pause')
    expect(paused).toEqual({ status: 200, body: { paused: true } })
  }
  expect(await metric(stack)).toBe('1')
  const [first, second] = [await submit({ text: 'two' }), await submit({ text: 'three' })]
  await ends(runs)
  // A worker that comes now takes none of them, either.
  const worker = await stack.startWorker()
  expect(await total(stack)).toMatchObject({ queued: 2, running: 0, jobs_waiting: 2, paused: true })

  await stack.call('POST', `${path}/${first}/cancel`)
  expect(await total(stack)).toMatchObject({ queued: 1, ended: 2 })
  expect(stack.model.requests).toHaveLength(1)
  for (const _ of [1, 2]) {
    const resumed = await stack.call('POST', '/v2/admin/resume')
    expect(resumed).toEqual({ status: 200, body: { paused: false } })
  }
  await ends(second)
  expect(await metric(stack)).toBe('0')
  expect(stack.model.requests).toHaveLength(2)
  await expect.poll(() => total(stack)).toMatchObject({ jobs_waiting: 0, jobs_active: 0 })
  await worker.stop()
})

test('a turn whose worker dies while all is paused waits for the resume, and has one job', async ({
  stack,
  submit,
  ends,
}) => {
  const [own] = stack.workers
  const before = stack.model.requests.length
  const task = await submit({ delay: 1_000, text: 'done' })
  await expect.poll(() => stack.model.requests.length, { timeout: 10_000 }).toBe(before + 1)
  await stack.call('POST', '/v2/admin/pause')
  await own?.kill()
  await stack.startWorker()
  // The job of the dead worker is waiting, too, until somebody finds that its segment is over.
  await expect
    .poll(() => total(stack), { timeout: 10_000 })
    .toMatchObject({ queued: 1, running: 0, jobs_active: 0, jobs_waiting: 2 })
  expect(stack.model.requests).toHaveLength(before + 1)
  await stack.call('POST', '/v2/admin/resume')
  await ends(task)
  expect(stack.model.requests).toHaveLength(before + 2)
  await expect.poll(() => total(stack)).toMatchObject({ jobs_waiting: 0, jobs_active: 0 })
})
