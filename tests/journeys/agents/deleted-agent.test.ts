import { callWith } from '@longhaul/testbed'
import { describe, expect } from 'vitest'
import { failureOf } from '../../support/failure-of.ts'
import { newAgent } from '../../support/new-agent.ts'
import { test as base } from '../../support/openai-test.ts'
import { ask, user } from '../../support/orq-requests.ts'

type Reply = { status: number; body: Record<string, unknown> }

/** `gone` is the key of a deleted agent that has answered once in each dialect. */
const test = base.extend('gone', async ({ orq, openai, cluster, agent }) => {
  const { id } = await orq.agents.retrieve(agent)
  const { taskId } = await ask(orq, agent, user('First words'))
  const { body: opened } = await cluster.call(
    'POST',
    `/v2/agents/${agent}/responses/${taskId}/watch-token`,
  )
  const response = await openai.responses.create({ model: `agent/${agent}`, input: 'Other words' })
  await orq.agents.delete(agent)
  return { key: agent, id, taskId, token: String(opened['token']), responseId: response.id }
})

describe('a task of a deleted agent', () => {
  test('is readable under the key and the id of its agent', async ({ cluster, gone }) => {
    const { key, id, taskId, token } = gone
    for (const ref of [key, id]) {
      const path = `/v2/agents/${ref}/responses/${taskId}`
      const read = await cluster.call('GET', `${path}?include=messages`)
      expect(read).toMatchObject({ status: 200, body: { task_id: taskId, status: 'completed' } })
      expect(JSON.stringify(read.body)).toContain('First words')
      expect(await cluster.call('GET', `${path}/log`)).toMatchObject({ status: 200 })
      expect(await cluster.call('POST', `${path}/cancel`)).toMatchObject({ status: 200 })
      expect(await cluster.call('POST', `${path}/watch-token`)).toMatchObject({ status: 201 })
    }
    for (const headers of [{ authorization: `Bearer ${cluster.key}` }, {}]) {
      const url = new URL(`${cluster.url}/v2/agents/${key}/responses/${taskId}/events?after=0`)
      if (!('authorization' in headers)) url.searchParams.set('token', token)
      const events = await (await fetch(url, { headers })).text()
      expect(events).toContain('response.done')
    }
  })

  test('is readable in the dialect of OpenAI Responses', async ({ openai, cluster, gone }) => {
    const { responseId, key } = gone
    const read = await openai.responses.retrieve(responseId)
    expect(read).toMatchObject({ id: responseId, status: 'completed' })
    const items = await openai.responses.inputItems.list(responseId)
    expect(JSON.stringify(items.data)).toContain('Other words')
    const stream = await openai.responses.retrieve(responseId, { stream: true })
    const types: string[] = []
    for await (const { type } of stream) types.push(type)
    expect(types.at(-1)).toBe('response.completed')
    const path = `/v2/agents/${key}/responses/${responseId}`
    expect(await cluster.call('GET', path)).toMatchObject({ status: 200, body: { id: responseId } })
    await openai.responses.delete(responseId)
    await expect(openai.responses.retrieve(responseId)).rejects.toMatchObject({ status: 404 })
  })

  test('is in the lists, under the former key of its agent', async ({ cluster, gone }) => {
    const { key, id, taskId } = gone
    for (const ref of [key, id]) {
      const found = idsIn(await cluster.call('GET', `/v2/agents/${ref}/responses`))
      expect(found).toHaveLength(2)
      expect(found.at(-1)).toBe(taskId)
      const page = await cluster.call('GET', `/v2/responses?agent=${ref}&limit=1`)
      expect(page.body).toMatchObject({ data: [{ agent_key: key }], has_more: true })
      const rest = `/v2/responses?agent=${ref}&starting_after=${String(page.body['last_id'])}`
      expect(idsIn(await cluster.call('GET', rest))).toEqual([taskId])
    }
    const all = await cluster.call('GET', '/v2/responses?limit=2')
    expect(all.body).toMatchObject({ data: [{ agent_key: key }, { agent_key: key }] })
  })

  test('can be deleted', async ({ cluster, gone }) => {
    const path = `/v2/agents/${gone.key}/responses/${gone.taskId}`
    expect(await cluster.call('DELETE', path)).toMatchObject({ status: 204 })
    expect(await cluster.call('DELETE', path)).toMatchObject({ status: 404 })
    expect(await cluster.call('GET', path)).toMatchObject({ status: 404 })
  })

  test('stays readable when the key is used again, and cannot be continued', async ({
    cluster,
    orq,
    gone,
  }) => {
    const { key, id, taskId } = gone
    const path = `/v2/agents/${key}/responses`
    expect(await cluster.call('POST', path, { ...user('more'), task_id: taskId })).toMatchObject({
      status: 404,
      body: { message: `Agent ${key} not found` },
    })
    await orq.agents.create({ ...newAgent(), key })
    expect(await cluster.call('GET', `${path}/${taskId}`)).toMatchObject({ status: 200 })
    expect(await cluster.call('POST', path, { ...user('more'), task_id: taskId })).toMatchObject({
      status: 409,
      body: { message: expect.stringContaining('begin a new one, without a task_id') },
    })
    expect(idsIn(await cluster.call('GET', path))).toEqual([])
    expect(idsIn(await cluster.call('GET', `/v2/agents/${id}/responses`))).toContain(taskId)
  })

  test('is unknown in another workspace', async ({ stranger, cluster, gone }) => {
    const { key, taskId } = gone
    const error = await failureOf(stranger.agents.responses.get({ agentKey: key, taskId }))
    expect(error.statusCode).toBe(404)
    const call = callWith(cluster.url, cluster.strangersKey)
    expect(await call('GET', `/v2/agents/${key}/responses`)).toMatchObject({ status: 404 })
  })
})

test('an agent that exists has only its own tasks', async ({ cluster, orq, agent }) => {
  const { taskId } = await ask(orq, agent, user('hi'))
  const other = await orq.agents.create(newAgent())
  for (const [key, message] of [
    [other.key, `Task ${taskId} not found`],
    ['nobody', 'Agent nobody not found'],
  ]) {
    const reply = await cluster.call('GET', `/v2/agents/${key}/responses/${taskId}`)
    expect(reply).toMatchObject({ status: 404, body: { message } })
  }
})

test('with tasks=delete the tasks are deleted with the agent, also running ones', async ({
  cluster,
  orq,
  openai,
  agent,
}) => {
  const kept = await orq.agents.create(newAgent())
  const other = await ask(orq, kept.key, user('stays'))
  const path = `/v2/agents/${agent}`
  const ended = await ask(orq, agent, user('hi'))
  const stalled = { script: [{ text: ['One '], fault: 'stall' }] }
  const running = await ask(orq, agent, { ...user(JSON.stringify(stalled)), background: true })
  const { id: responseId } = await openai.responses.create({ model: `agent/${agent}`, input: 'x' })
  for (const query of ['tasks=keep', 'tasks=', 'tasks=delete&tasks=keep', 'tasks=DELETE']) {
    const refused = await cluster.call('DELETE', `${path}?${query}`)
    expect(refused).toMatchObject({ status: 400, body: { errors: [{ path: 'tasks' }] } })
  }
  expect(await cluster.call('DELETE', `${path}?tasks=delete`)).toMatchObject({ status: 204 })
  for (const { taskId } of [ended, running]) {
    expect(await cluster.call('GET', `${path}/responses/${taskId}`)).toMatchObject({ status: 404 })
  }
  await expect(openai.responses.retrieve(responseId)).rejects.toMatchObject({ status: 404 })
  expect(await cluster.call('GET', `${path}/responses`)).toMatchObject({ status: 404 })
  expect(await cluster.call('DELETE', `${path}?tasks=delete`)).toMatchObject({ status: 404 })
  const task = await orq.agents.responses.get({ agentKey: kept.key, taskId: other.taskId })
  expect(task.status).toBe('completed')
})

function idsIn({ body }: Reply): unknown[] {
  return (body['data'] as { task_id: string }[]).map(({ task_id }) => task_id)
}
