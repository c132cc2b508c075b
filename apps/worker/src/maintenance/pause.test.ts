import type { Cluster } from '@longhaul/testbed'
import { expect } from 'vitest'
import { asked, completed, often, path, submit, test } from '../plain.fixture.ts'

async function total(cluster: Cluster) {
  return (await cluster.call('GET', '/v2/admin')).body['total']
}

async function metric(cluster: Cluster) {
  const text = await (await fetch(`${cluster.url}/metrics`)).text()
  return /^longhaul_shards_paused (\d)$/m.exec(text)?.[1]
}

test('during a pause running turns continue, and new turns wait until the resume', async ({
  cluster,
}) => {
  // The lease is long: a turn that loses it cannot continue while workers are paused.
  await cluster.startWorker()
  const runs = await submit(cluster, [{ delay: 1_500, text: 'one' }])
  await asked(cluster, 1)
  for (const _ of [1, 2]) {
    const paused = await cluster.call('POST', '/v2/admin/pause')
    expect(paused).toEqual({ status: 200, body: { paused: true } })
  }
  expect(await metric(cluster)).toBe('1')
  const first = await submit(cluster, [{ text: 'two' }])
  const second = await submit(cluster, [{ text: 'three' }])
  await completed(cluster, runs)
  // A worker that starts now starts no turn either. Its reconciler runs every second, and changes nothing.
  await cluster.startWorker(often)
  expect(await total(cluster)).toMatchObject({ queued: 2, running: 0, paused: true })

  await cluster.call('POST', `${path}/${first}/cancel`)
  expect(await total(cluster)).toMatchObject({ queued: 1, ended: 2 })
  expect(cluster.model.requests).toHaveLength(1)
  for (const _ of [1, 2]) {
    const resumed = await cluster.call('POST', '/v2/admin/resume')
    expect(resumed).toEqual({ status: 200, body: { paused: false } })
  }
  await completed(cluster, second)
  expect(await metric(cluster)).toBe('0')
  expect(cluster.model.requests).toHaveLength(2)
  await expect.poll(() => total(cluster)).toMatchObject({ jobs_waiting: 0, jobs_active: 0 })
})

test('a turn whose worker dies during a pause waits for the resume', async ({ cluster }) => {
  const worker = await cluster.startWorker(often)
  const task = await submit(cluster, [[{ fault: 'hang' }, { text: 'done' }]])
  await asked(cluster, 1)
  await cluster.call('POST', '/v2/admin/pause')
  await worker.kill()
  await cluster.startWorker(often)
  await expect.poll(() => total(cluster)).toMatchObject({ queued: 1, running: 0 })
  expect(cluster.model.requests).toHaveLength(1)
  await cluster.call('POST', '/v2/admin/resume')
  await completed(cluster, task)
  expect(cluster.model.requests).toHaveLength(2)
  await expect.poll(() => total(cluster)).toMatchObject({ jobs_waiting: 0, jobs_active: 0 })
})
