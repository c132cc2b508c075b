import { expect } from 'vitest'
import { test } from '../../support/orq-test.ts'
import { newAgent } from '../../support/new-agent.ts'
import { ask, script, textOf } from '../../support/orq-requests.ts'

const words = 'some words '.repeat(600)

test('a conversation that exceeds the context of its model continues without its oldest turns', async ({
  orq,
  cluster,
}) => {
  const model = { id: 'openai/scripted', context_window: 16_000 }
  const { status } = await cluster.call('POST', '/v2/agents', { ...wire(), key: 'grows', model })
  expect(status).toBe(201)
  let taskId: string | undefined
  for (const turn of ['one', 'two', 'three']) {
    const { message } = script({ text: `${turn} ${words}` })
    const reply = await ask(orq, 'grows', { message, ...(taskId === undefined ? {} : { taskId }) })
    expect(textOf(reply)).toContain(turn)
    taskId = reply.taskId
  }
  const { messages = [] } = cluster.model.requests.at(-1)?.body ?? {}
  expect(messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user'])
  expect(messages[2]?.content).toContain('two')
})

test('a conversation that the provider refuses as too long is halved and sent again with the same message', async ({
  orq,
  cluster,
}) => {
  const { key } = await orq.agents.create(newAgent())
  const first = await ask(orq, key, script({ text: `one ${words}` }))
  const refusal = {
    status: 400,
    body: { error: { message: 'too many', code: 'context_length_exceeded' } },
  }
  const before = cluster.model.requests.length
  const reply = await ask(orq, key, {
    ...script([refusal, { status: 500 }, { text: 'shorter' }]),
    taskId: first.taskId,
  })
  expect(textOf(reply)).toBe('shorter')
  const asked = cluster.model.requests.slice(before).map(({ body }) => body.messages?.length)
  expect(asked).toEqual([4, 2, 2])
})

test('a message that is too long by itself fails the turn', async ({ orq, cluster }) => {
  const { key } = await orq.agents.create(newAgent())
  const refusal = {
    status: 400,
    body: { error: { message: 'too many', code: 'context_length_exceeded' } },
  }
  const { message } = script([refusal, refusal])
  const { status, body } = await cluster.call('POST', `/v2/agents/${key}/responses`, { message })
  expect(status).toBe(422)
  expect(body).toMatchObject({ error: { code: 'context_too_long' } })
})

function wire() {
  const { key: _, ...agent } = newAgent()
  return agent
}
