import { workerTest as test } from '@longhaul/testbed'
import { expect } from 'vitest'
import { newAgent } from '../../support/new-agent.ts'
import { user } from '../../support/orq-requests.ts'

test('a queued turn ends at once, and never runs', async ({ cluster }) => {
  const { key, ...agent } = newAgent()
  await cluster.call('POST', '/v2/agents', { key, ...agent })
  const path = `/v2/agents/${key}/responses`
  const { body } = await cluster.call('POST', path, { background: true, ...user('hello') })
  const task = `${path}/${String(body['task_id'])}`
  const { status, body: ended } = await cluster.call('POST', `${task}/cancel`)
  expect([status, ended]).toMatchObject([200, { status: 'failed', error: 'cancelled' }])

  await cluster.startWorker()
  const { body: next } = await cluster.call('POST', path, user('are you there?'))
  expect(next).toMatchObject({ finish_reason: 'stop' })
  expect(cluster.model.requests).toHaveLength(1)
  expect((await cluster.call('GET', task)).body).toEqual(ended)
})
