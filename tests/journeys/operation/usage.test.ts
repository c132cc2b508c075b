import { workerTest } from '@longhaul/testbed'
import { Redis } from 'ioredis'
import { expect } from 'vitest'
import { newAgent } from '../../support/new-agent.ts'
import { script } from '../../support/orq-requests.ts'

type Entry = { key?: string | null; requests: number; errors: number; started?: number }
type Usage = { data: (Entry & { start: string })[]; totals: Entry[] }

const test = workerTest
  .extend('agent', async ({ cluster }) => {
    const agent = newAgent()
    await cluster.call('POST', '/v2/agents', agent)
    return agent.key
  })
  .extend('usage', ({ cluster }) => async (query: string) => {
    const { status, body } = await cluster.call('GET', `/v2/usage?${query}`)
    expect([query, status]).toEqual([query, 200])
    return body as unknown as Usage
  })

test('turns that ended are counted by time, agent, model and identity, also those of a worker that died', async ({
  cluster,
  agent,
  usage,
}) => {
  const worker = await cluster.startWorker()
  const path = `/v2/agents/${agent}/responses`
  const tokens = { input: 30, output: 5 }
  const identity = { id: 'ada' }
  const said = { text: 'done', usage: tokens }
  for (const reply of [said, said, { status: 400 }]) {
    await cluster.call('POST', path, { identity, ...script([reply]) })
  }
  await worker.kill()
  const { body } = await cluster.call('POST', path, { background: true, ...script([said]) })
  await cluster.call('POST', `${path}/${String(body['task_id'])}/cancel`)
  await cluster.startWorker()

  await expect
    .poll(async () => (await usage('grain=minute')).totals[0])
    .toMatchObject({
      started: 4,
      requests: 4,
      errors: 1,
      cancelled: 1,
      input_tokens: 60,
      output_tokens: 10,
      queue_wait_ms: { p50: expect.any(Number), p95: expect.any(Number) },
      duration_ms: { p50: expect.any(Number), p95: expect.any(Number) },
    })
  const counts = { requests: 4, errors: 1 }
  for (const [by, key, expected] of [
    ['agent', agent, counts],
    ['model', 'openai/scripted', counts],
    ['identity', 'ada', { requests: 3, errors: 1 }],
  ] as const) {
    const { data, totals } = await usage(`group_by=${by}`)
    expect(totals).toEqual([expect.objectContaining({ key, ...expected })])
    expect(data.every((row) => row.key === key)).toBe(true)
  }
  expect(await usage('to=2026-01-01')).toMatchObject({ data: [], totals: [] })
})

test('the notes of ended turns are removed when they are counted', async ({ cluster, agent }) => {
  await cluster.startWorker()
  await cluster.call('POST', `/v2/agents/${agent}/responses`, script({ text: 'done' }))
  const redis = new Redis(cluster.redisUrl)
  await expect.poll(() => redis.llen('{lh:s0}:uncounted')).toBe(0)
  redis.disconnect()
})

test.for([
  ['group_by=agent&grain=minute', 'grain'],
  ['from=2026-02-01&to=2026-01-01', 'from'],
  ['grain=week', 'grain'],
  ['from=yesterday', 'from'],
])('a query that makes no sense is refused: %s', async ([query, field], { cluster }) => {
  const { status, body } = await cluster.call('GET', `/v2/usage?${query}`)
  expect([status, JSON.stringify(body).includes(field ?? '')]).toEqual([400, true])
})
