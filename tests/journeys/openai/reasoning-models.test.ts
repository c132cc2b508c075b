import type OpenAI from 'openai'
import { describe, expect } from 'vitest'
import { newAgent } from '../../support/new-agent.ts'
import { getWeather, scripted, test } from '../../support/openai-test.ts'

const missing = {
  status: 400,
  body: { error: { message: 'Missing `reasoning_content` field in the assistant message' } },
}

const thought = (text: string) => ({
  type: 'reasoning' as const,
  id: 'rs_1',
  summary: [{ type: 'summary_text' as const, text }],
})

describe('a model whose server refuses calls without their reasoning', () => {
  test('gets the result of a tool after one refused request', async ({ orq, openai, cluster }) => {
    const settings = { tools: [{ type: 'current_date' as const }] }
    const model = { id: `openai/wants-reasoning-${Date.now()}` }
    const { key } = await orq.agents.create({ ...newAgent(), model, settings })
    const call = { id: 'c1', name: 'current_date' }
    const before = cluster.model.requests.length
    const made = await openai.responses.create({
      model: `agent/${key}`,
      input: scripted({ reasoning: 'I look.', calls: [call] }, [missing, { text: 'Monday.' }]),
    })
    expect(made).toMatchObject({ status: 'completed', output_text: 'Monday.' })
    const asked = cluster.model.requests.slice(before)
    expect(asked).toHaveLength(3)
    expect(asked[1]?.body.messages?.at(-2)).not.toHaveProperty('reasoning_content')
    expect(asked[2]?.body.messages?.at(-2)).toMatchObject({
      role: 'assistant',
      reasoning_content: 'I look.',
    })
  })

  test('gets the reasoning from a client that stores the conversation', async ({
    orq,
    openai,
    cluster,
  }) => {
    const { key } = await orq.agents.create({
      ...newAgent(),
      model: { id: `openai/wants-reasoning-${Date.now()}` },
    })
    const request = { model: `agent/${key}`, store: false, tools: [getWeather] }
    const calls = [{ id: 'c1', name: 'get_weather', arguments: { city: 'Bern' } }]
    const script = scripted({ reasoning: 'I ask.', calls }, [missing, { text: 'Cold.' }])
    const input: OpenAI.Responses.ResponseInput = [{ role: 'user', content: script }]
    const first = await openai.responses.create({ ...request, input })
    input.push(...(first.output as OpenAI.Responses.ResponseInputItem[]))
    input.push({ type: 'function_call_output', call_id: 'c1', output: '1 degree' })
    const second = await openai.responses.create({ ...request, input })
    expect(second.output_text).toBe('Cold.')
    expect(cluster.model.requests.at(-1)?.body.messages?.at(-2)).toMatchObject({
      role: 'assistant',
      reasoning_content: 'I ask.',
      tool_calls: [{ id: 'c1' }],
    })
  })

  test('reasoning items of a history are readable as its input, and alone they are ignored', async ({
    openai,
    agent,
    cluster,
  }) => {
    const made = await openai.responses.create({
      model: `agent/${agent}`,
      input: [
        { role: 'user', content: 'Zero?' },
        thought('Nothing follows.'),
        { role: 'user', content: 'One?' },
        thought('I count.'),
        { role: 'assistant', content: 'One.' },
        { role: 'user', content: 'Two?' },
        thought('Nothing follows here either.'),
      ],
    })
    expect(made.output_text).toBe('You said: Two?')
    const roles = cluster.model.requests.at(-1)?.body.messages?.map(({ role }) => role)
    expect(roles).toEqual(['system', 'user', 'assistant', 'user'])
    const { data } = await openai.responses.inputItems.list(made.id, { order: 'asc' })
    expect(data).toMatchObject([
      { role: 'user', content: [{ text: 'Zero?' }] },
      { role: 'user', content: [{ text: 'One?' }] },
      { type: 'reasoning', content: [{ type: 'reasoning_text', text: 'I count.' }] },
      { role: 'assistant', content: [{ text: 'One.' }] },
      { role: 'user', content: [{ text: 'Two?' }] },
    ])
  })
})
