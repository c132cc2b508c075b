import type { Cluster } from '@longhaul/testbed'
import { expect } from 'vitest'
import { asked, completed, often, path, submit, test } from '../plain.fixture.ts'

async function total(stack: Cluster) {
  return (await stack.call('GET', '/v2/admin')).body['total']
}

async function metric(stack: Cluster) {
  const text = await (await fetch(`${stack.url}/metrics`)).text()
  return /^longhaul_shards_paused (\d)$/m.exec(text)?.[1]
}

test('during a pause running turns continue, and new turns wait until the resume', async ({
  stack,
}) => {
  // The lease is long: a turn that loses it cannot continue while workers are paused.
  await stack.startWorker()
  const runs = await submit(stack, [{ delay: 1_500, text: 'one' }])
  await asked(stack, 1)
  for (const _ of [1, 2]) {
    const paused = await stack.call('POST', '/v2/admin/pause')
    expect(paused).toEqual({ status: 200, body: { paused: true } })
  }
  expect(await metric(stack)).toBe('1')
  const first = await submit(stack, [{ text: 'two' }])
  const second = await submit(stack, [{ text: 'three' }])
  await completed(stack, runs)
  // A worker that starts now takes no jobs either. Its reconciler runs every second: the jobs that it adds again must
  // change nothing.
  await stack.startWorker(often)
  expect(await total(stack)).toMatchObject({ queued: 2, running: 0, jobs_waiting: 2, paused: true })

  await stack.call('POST', `${path}/${first}/cancel`)
  expect(await total(stack)).toMatchObject({ queued: 1, ended: 2 })
  expect(stack.model.requests).toHaveLength(1)
  for (const _ of [1, 2]) {
    const resumed = await stack.call('POST', '/v2/admin/resume')
    expect(resumed).toEqual({ status: 200, body: { paused: false } })
  }
  await completed(stack, second)
  expect(await metric(stack)).toBe('0')
  expect(stack.model.requests).toHaveLength(2)
  await expect.poll(() => total(stack)).toMatchObject({ jobs_waiting: 0, jobs_active: 0 })
})

test('a turn whose worker dies during a pause waits for the resume, and has one job', async ({
  stack,
}) => {
  const worker = await stack.startWorker(often)
  const task = await submit(stack, [[{ fault: 'hang' }, { text: 'done' }]])
  await asked(stack, 1)
  await stack.call('POST', '/v2/admin/pause')
  await worker.kill()
  await stack.startWorker(often)
  // The job of the dead worker also waits, until a worker finds that its segment is over.
  await expect
    .poll(() => total(stack))
    .toMatchObject({ queued: 1, running: 0, jobs_active: 0, jobs_waiting: 2 })
  expect(stack.model.requests).toHaveLength(1)
  await stack.call('POST', '/v2/admin/resume')
  await completed(stack, task)
  expect(stack.model.requests).toHaveLength(2)
  await expect.poll(() => total(stack)).toMatchObject({ jobs_waiting: 0, jobs_active: 0 })
})
