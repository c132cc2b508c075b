import { workerTest as test } from '@longhaul/testbed'
import { expect } from 'vitest'
import { createDemoApi } from './demo-api.ts'
import { longTasks } from './demo-tasks.ts'
import { beginDemo, continueDemo, crashWorker } from './run-demo.ts'

type Task = { task_id: string; status: string; agent_key: string; metadata?: object }

test('the demo has sub-agents, approvals, failures, a cancel, a later start, a crash, and goes on', async ({
  cluster,
}) => {
  const { signal } = new AbortController()
  const api = createDemoApi({ url: cluster.url, key: cluster.key, signal })
  const list = async (query: string) => {
    const { body } = await cluster.call('GET', `/v2/responses?${query}`)
    return body['data'] as Task[]
  }
  await cluster.startWorker()
  await beginDemo(api)
  await crashWorker(api, () => cluster.startWorker())
  await cluster.expireLeases()

  await expect.poll(async () => (await list('state=running')).length).toBe(0)
  expect((await list('agent=reports&status=failed')).length).toBe(3)
  expect((await list('error_code=cancelled')).length).toBe(1)
  const { data: reviews } = (await cluster.call('GET', '/v2/reviews')).body
  expect(reviews).toHaveLength(2)
  const [later] = await list('state=queued')
  expect(later).toMatchObject({ agent_key: 'writer' })

  const children = await list('agent=carrier')
  expect(children.length).toBe(2)
  for (const child of children) {
    expect(child.metadata).toMatchObject({ parent_task_id: expect.any(String) })
  }
  const parents = await list('agent=parcels&status=completed')
  expect(parents.length).toBe(2)

  const attempts = await Promise.all(
    (await list('thread_id=handbook&status=completed')).map(async ({ task_id: id }) => {
      const { body } = await cluster.call('GET', `/v2/agents/writer/responses/${id}/log`)
      const log = body['data'] as { type: string }[]
      return log.filter(({ type }) => type === 'attempt.started').length
    }),
  )
  expect(attempts).toHaveLength(longTasks.length)
  expect(Math.max(...attempts)).toBe(2)

  const before = (await list('limit=200')).length
  const more = await continueDemo(api, { minutes: 0.02, pauseMs: 20, random: () => 0.1 })
  expect(more).toBeGreaterThan(0)
  expect((await list('limit=200')).length).toBe(before + more)
})
