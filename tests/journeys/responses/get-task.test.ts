import { expect } from 'vitest'
import { test } from '../../support/orq-test.ts'
import { script } from '../../support/orq-requests.ts'

test('a task is read by its id alone, with the key of its agent', async ({ cluster, agent }) => {
  const turn = script({ text: 'Hello' })
  const path = `/v2/agents/${agent}/responses`
  const { body: made } = await cluster.call('POST', path, turn)
  const id = String(made['task_id'])
  const { body: known } = await cluster.call('GET', `${path}/${id}?include=messages`)
  const { body, status } = await cluster.call('GET', `/v2/responses/${id}?include=messages`)
  expect([status, body]).toEqual([200, { agent_key: agent, ...known }])
  expect((await cluster.call('GET', '/v2/responses/01ARZ3NDEKTSV4RRFFQ69G5FAV')).status).toBe(404)

  await cluster.call('DELETE', `/v2/agents/${agent}`)
  expect((await cluster.call('GET', `/v2/responses/${id}`)).body).toMatchObject({
    agent_key: agent,
  })
})

test('a task of a model without an agent is found under "-"', async ({ cluster }) => {
  const turn = { model: 'openai/scripted', input: 'Hello' }
  const { body: made, status } = await cluster.call('POST', '/v1/responses', turn)
  expect(status).toBe(200)
  const [id = ''] = /[0-9A-Z]{26}/.exec(String(made['id'])) ?? []
  const { body } = await cluster.call('GET', `/v2/responses/${id}`)
  expect(body).toMatchObject({ task_id: id, status: 'completed' })
  expect(body).not.toHaveProperty('agent_key')
  const reads = [`/v2/agents/-/responses/${id}`, `/v2/agents/-/responses/${id}/log`]
  for (const read of reads) expect((await cluster.call('GET', read)).status).toBe(200)
  expect((await cluster.call('GET', `/v2/agents/none/responses/${id}`)).status).toBe(404)
})
