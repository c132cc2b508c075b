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
