import type { ScriptedReply } from '@longhaul/testbed'
import { describe, expect } from 'vitest'
import { test } from '../../support/orq-test.ts'
import { newAgent, newKey } from '../../support/new-agent.ts'
import { ask, listen, only, script, textOf, user } from '../../support/orq-requests.ts'

const schema = {
  type: 'object',
  properties: { mood: { enum: ['good', 'bad'] } },
  required: ['mood'],
}
const good = '{"mood":"good"}'
const format = { type: 'json_schema', jsonSchema: { name: 'verdict', schema } } as const

describe('an agent with structured output', () => {
  test('is called once more when its answer has another form', async ({ orq, cluster }) => {
    const model = { id: 'openai/scripted', parameters: { responseFormat: format } }
    const { key } = await orq.agents.create({ ...newAgent(), model })
    cluster.model.reply([{ text: 'Fine!' }, { text: good }])
    const reply = await ask(orq, key, user('How was it?'))
    expect(textOf(reply)).toBe(good)
    const { messages, response_format } = cluster.model.requests.at(-1)?.body ?? {}
    expect(response_format).toMatchObject({ type: 'json_schema', json_schema: { schema } })
    expect(messages?.slice(-2)).toMatchObject([
      { role: 'assistant', content: 'Fine!' },
      { role: 'user', content: expect.stringContaining('it is not JSON') as string },
    ])
  })

  test('fails when the second answer has another form, too', async ({ orq, cluster }) => {
    const model = { id: 'openai/scripted', parameters: { responseFormat: format } }
    const { key } = await orq.agents.create({ ...newAgent(), model })
    cluster.model.reply([{ text: 'Fine!' }, { text: '{"mood":"odd"}' }])
    const { message } = user('How was it?')
    const { status, body } = await cluster.call('POST', `/v2/agents/${key}/responses`, { message })
    expect(status).toBe(502)
    expect(body).toMatchObject({
      error: { code: 'output_invalid' },
      message: expect.stringContaining('mood') as string,
    })
  })

  test.for<[string, ScriptedReply, string]>([
    ['a code fence around its answer', { text: ['```json\n', good, '\n```'] }, good],
    ['a refusal', { refusal: 'I will not.' }, 'I will not.'],
  ])('is called once when it gives %s', async ([, reply, text], { orq, cluster }) => {
    const model = { id: 'openai/scripted', parameters: { responseFormat: format } }
    const { key } = await orq.agents.create({ ...newAgent(), model })
    const before = cluster.model.requests.length
    cluster.model.reply(reply)
    const events = await listen(orq, key, user('How was it?'))
    expect(cluster.model.requests.length - before).toBe(1)
    expect(only(events, 'part.done').map(({ data }) => data.part)).toMatchObject([{ text }])
    const deltas = only(events, 'part.delta').map(({ data }) => data.delta)
    expect(deltas.map((part) => ('text' in part ? part.text : '')).join('')).toBe(text)
  })

  test('may have it from a json_schema tool', async ({ orq, cluster }) => {
    const tool = await orq.tools.create({
      type: 'json_schema',
      key: newKey('verdict'),
      path: 'Default',
      description: 'A verdict.',
      jsonSchema: { name: 'verdict', description: 'A verdict.', schema },
    })
    const settings = { tools: [{ type: 'json_schema' as const, key: tool.key }] }
    const { key } = await orq.agents.create({ ...newAgent(), settings })
    expect(textOf(await ask(orq, key, script({ text: good })))).toBe(good)
    const { tools, response_format } = cluster.model.requests.at(-1)?.body ?? {}
    expect(tools).toBeUndefined()
    expect(response_format).toMatchObject({ type: 'json_schema', json_schema: { name: 'verdict' } })
  })
})

test('a forced call is forced once, so that the turn can end', async ({ orq, cluster }) => {
  const model = { id: 'openai/scripted', parameters: { toolChoice: 'required' as const } }
  const settings = { tools: [{ type: 'current_date' as const }] }
  const { key } = await orq.agents.create({ ...newAgent(), model, settings })
  const call = { name: 'current_date', arguments: {} }
  expect(textOf(await ask(orq, key, script({ calls: [call] }, { text: 'Monday' })))).toBe('Monday')
  const choices = cluster.model.requests.slice(-2).map(({ body }) => body['tool_choice'])
  expect(choices).toEqual(['required', 'auto'])
})
