import { builtinTools } from '@longhaul/core'
import type { Message, ModelDelta, ModelRequest } from '@longhaul/core'
import { expect, test } from 'vitest'
import { demo } from './demo.ts'
import { createModels } from './models.ts'

const models = createModels({ providers: new Map([['demo', demo]]) })

async function ask(over: Partial<ModelRequest>, signal = new AbortController().signal) {
  const deltas: ModelDelta[] = []
  const request = {
    model: { id: 'demo/simulated' },
    system: 'Be kind.',
    messages: [],
    tools: [builtinTools.current_date],
    idempotencyKey: 'resp_01ABC0001.1',
    ...over,
  }
  const reply = await models.ask(request, { signal, onDelta: (delta) => deltas.push(delta) })
  return { reply, deltas, text: reply.parts.map(({ text }) => text).join('') }
}

function user(text: string): Message {
  return { role: 'user', parts: [{ kind: 'text', text }] }
}

test('the simulated model says that it is simulated, word by word', async () => {
  const { reply, deltas, text } = await ask({ messages: [user('hello there')] })
  expect(text).toBe('This is a simulated answer: no real model was asked. You said: "hello there"')
  expect(deltas).toHaveLength(14)
  expect(reply).toMatchObject({
    reason: 'stop',
    calls: [],
    usage: { inputTokens: 4, outputTokens: 14, totalTokens: 18 },
  })
})

test('the simulated model calls the tool for the date, and repeats its result', async () => {
  const question = [user('What day is it?')]
  const { reply } = await ask({ messages: question })
  const call = { callId: 'call_resp_01ABC0001_1', name: 'current_date', arguments: '{}' }
  expect(reply).toMatchObject({ parts: [], calls: [call], reason: 'tool_calls' })

  const { callId, name } = call
  const { text } = await ask({
    messages: [
      ...question,
      { role: 'assistant', parts: [], calls: [{ callId, name, arguments: {} }] },
      { role: 'tool', results: [{ callId, name, text: '{"date":"2026-01-02"}', failed: false }] },
    ],
  })
  expect(text).toContain('The tool current_date says: {"date":"2026-01-02"}. You said: "What day')
})

test('the simulated model calls only tools that it is offered', async () => {
  const { reply } = await ask({ messages: [user('today?')], tools: [] })
  expect(reply.calls).toEqual([])
})

const weather = {
  name: 'get_weather',
  description: 'The weather of a city.',
  parameters: {
    type: 'object',
    properties: { city: { type: 'string' }, days: { type: 'integer', minimum: 3 } },
    required: ['city', 'days'],
  },
}
const files = { name: 'list_files', description: 'Shows a folder.', parameters: {} }

test.each([
  ['the name of a tool', 'please list_files now, whatever the weather is', {}, 'list_files'],
  ['a word of a description', 'How is the WEATHER in the folder?', {}, 'get_weather'],
  ['a short word of a description', 'of a city', {}, undefined],
  ['a part of a word', 'the weatherman', {}, undefined],
  ['a part of a name', 'list_files_2', {}, undefined],
  ['nothing of a tool, when a call is required', 'hi', { toolChoice: 'required' }, 'get_weather'],
  [
    'another tool than the forced one',
    'weather',
    { toolChoice: { name: 'list_files' } },
    'list_files',
  ],
  ['the name of a tool, without a free choice', 'list_files', { toolChoice: 'none' }, undefined],
] as const)(
  'the simulated model chooses a tool for a message with %s',
  async (_, text, choice, expected) => {
    const { reply } = await ask({ messages: [user(text)], tools: [weather, files], ...choice })
    expect(reply.calls.map(({ name }) => name)).toEqual(expected === undefined ? [] : [expected])
  },
)

test('the simulated model calls a tool once per turn, and repeats the result', async () => {
  const messages = [user('How is the weather?')]
  const { reply } = await ask({ messages, tools: [weather] })
  expect(reply.calls[0]?.arguments).toBe('{"city":"example","days":3}')
  const [{ callId, name } = { callId: '', name: '' }] = reply.calls
  messages.push(
    { role: 'assistant', parts: [], calls: [{ callId, name, arguments: {} }] },
    { role: 'tool', results: [{ callId, name, text: 'sunny', failed: false }] },
  )
  const answer = await ask({ messages, tools: [weather], toolChoice: 'required' })
  expect(answer.reply.calls).toEqual([])
  expect(answer.text).toContain('The tool get_weather says: sunny. You said: "How is')

  messages.push({ role: 'assistant', parts: [{ kind: 'text', text: 'Sun.' }], calls: [] })
  const next = await ask({
    messages: [...messages, user('and the weather now?')],
    tools: [weather],
  })
  expect(next.reply.calls).toHaveLength(1)
})

test('the simulated model stops when it is aborted', async () => {
  const controller = new AbortController()
  const reason = new Error('cancelled')
  setTimeout(() => controller.abort(reason), 50)
  await expect(ask({ messages: [user('hello')] }, controller.signal)).rejects.toBe(reason)
})

test('the instant model answers in one piece', async () => {
  const { deltas, text } = await ask({ model: { id: 'demo/instant' }, messages: [user('hi')] })
  expect(deltas).toHaveLength(1)
  expect(text).toBe('Simulated: "hi"')
})

test('there is no other demo model', async () => {
  await expect(ask({ model: { id: 'demo/gpt' } })).rejects.toMatchObject({
    name: 'ModelError',
    retryable: false,
    message: expect.stringContaining('demo/simulated'),
  })
})

test.each([
  ['the message', 'Call get_weather {"city":"Rome","days":{"from":1}} now', 'Be kind.'],
  ['the instructions', 'How is the weather?', 'Use get_weather {"city":"Rome","days":{"from":1}}.'],
])('the simulated model calls a tool with the arguments that %s give', async (_, text, system) => {
  const { reply } = await ask({ messages: [user(text)], tools: [weather], system })
  expect(reply.calls[0]?.arguments).toBe('{"city":"Rome","days":{"from":1}}')
})

test('the simulated model ignores arguments that are no JSON, or those of another tool', async () => {
  for (const text of ['weather get_weather {city', `weather get_weather {x${'}'.repeat(5_000)}`]) {
    const { reply } = await ask({ messages: [user(text)], tools: [weather] })
    expect(reply.calls[0]?.arguments).toBe('{"city":"example","days":3}')
  }
})
