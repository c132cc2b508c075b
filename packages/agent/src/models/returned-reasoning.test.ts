import type { Message, ModelRequest } from '@longhaul/core'
import { startScriptedModel } from '@longhaul/testbed'
import type { RecordedRequest, ScriptedReply } from '@longhaul/testbed'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { createModels } from './models.ts'
import { openaiCompatible } from './openai-compatible.ts'
import type { ReturnReasoning } from './provider.ts'
import { useVendor } from './vendor.fixture.ts'

const vendor = useVendor('openai')
beforeEach(() => vendor.server.reset())

/** A process that calls the scripted server. */
function start(returnReasoning?: ReturnReasoning) {
  const provider = openaiCompatible({ baseUrl: vendor.server.url, returnReasoning })
  const models = createModels({ providers: new Map([['local', provider]]) })
  return async (messages: Message[], more: Partial<ModelRequest> = {}) => {
    const request = vendor.requestOf({ request: { system: '', messages, ...more } })
    const before = vendor.server.requests.length
    const options = { signal: new AbortController().signal, onDelta: () => {} }
    const reply = await models.ask(request, options).catch((error: unknown) => error)
    return { reply, sent: vendor.server.requests.slice(before) }
  }
}

const user = (text: string): Message => ({ role: 'user', parts: [{ kind: 'text', text }] })
const thought = (text: string) => ({ kind: 'reasoning' as const, text })
const said = (text: string) => ({ kind: 'text' as const, text })

function called(callId: string, ...parts: (Message & { role: 'assistant' })['parts']): Message[] {
  return [
    { role: 'assistant', parts, calls: [{ callId, name: 'date', arguments: {} }] },
    { role: 'tool', results: [{ callId, name: 'date', text: 'Monday', failed: false }] },
  ]
}

/** A turn without calls, one with two calls, and the call of the present turn. */
const history: Message[] = [
  user('hello'),
  { role: 'assistant', parts: [thought('A greeting.'), said('Hi.')], calls: [] },
  user('the date?'),
  ...called('c1', thought('I look.'), said('One moment.')),
  ...called('c2', thought('I look again.')),
  { role: 'assistant', parts: [thought('Now I know.'), said('Monday.')], calls: [] },
  user('sure?'),
  ...called('c3', thought('I make sure.')),
]

/** The values of a field of the assistant messages. */
function fieldsOf(request: RecordedRequest | undefined, field: string): unknown[] {
  const messages = request?.body.messages ?? []
  return messages.flatMap((each) => (each.role === 'assistant' ? [each[field]] : []))
}

/** The answer of a server that refuses each message with calls that lacks the field. */
function wants(field: string, message: string) {
  return ({ body }: RecordedRequest): ScriptedReply => {
    const lacks = (body.messages ?? []).some(
      (each) => each['tool_calls'] !== undefined && (each[field] ?? '') === '',
    )
    return lacks ? { status: 400, body: { error: { message } } } : { text: 'Yes.' }
  }
}

const refusals = [
  [
    'DeepSeek',
    'Missing `reasoning_content` field in the assistant message at message index 1. For more information, please refer to https://api-docs.deepseek.com/guides/thinking_mode#tool-calls',
  ],
  ['DeepSeek V4', 'The `reasoning_content` in the thinking mode must be passed back to the API.'],
  [
    'Moonshot',
    'thinking is enabled but reasoning_content is missing in assistant tool call message at index 2',
  ],
] as const

describe.each(refusals)('a server that refuses as %s does', (_, message) => {
  test('gets the reasoning at once, and from then on with the first request', async () => {
    vendor.server.reply(wants('reasoning_content', message))
    const ask = start()
    const first = await ask(history)
    expect(first.reply).toMatchObject({ parts: [{ text: 'Yes.' }] })
    expect(first.sent.map(({ idempotencyKey }) => idempotencyKey)).toEqual([
      'resp_1.1',
      'resp_1.1.reasoning',
    ])
    expect(fieldsOf(first.sent[0], 'reasoning_content')).toEqual(Array(5).fill(undefined))
    expect(fieldsOf(first.sent[1], 'reasoning_content')).toEqual([
      ' ',
      'I look.',
      'I look again.',
      'Now I know.',
      'I make sure.',
    ])
    const second = await ask(history)
    expect(second.sent.map(({ idempotencyKey }) => idempotencyKey)).toEqual(['resp_1.1.reasoning'])
    expect(second.sent[0]?.body).toEqual(first.sent[1]?.body)
  })

  test('accepts a call without reasoning, which another model made or a caller sent', async () => {
    vendor.server.reply(wants('reasoning_content', message))
    const { reply, sent } = await start()([user('the date?'), ...called('c1')])
    expect(reply).toMatchObject({ parts: [{ text: 'Yes.' }] })
    expect(fieldsOf(sent[1], 'reasoning_content')).toEqual([' '])
  })
})

test('what one model of a server wants is not sent to another one', async () => {
  vendor.server.reply(wants('reasoning_content', refusals[0][1]))
  const ask = start()
  await ask(history)
  const { sent } = await ask(history, { model: { id: 'local/other' } })
  expect(fieldsOf(sent[0], 'reasoning_content')).toEqual(Array(5).fill(undefined))
})

test('a server that refuses the field `reasoning` as missing gets it', async () => {
  vendor.server.reply(wants('reasoning', 'messages[2]: the field "reasoning" is required'))
  const { reply, sent } = await start()(history)
  expect(reply).toMatchObject({ parts: [{ text: 'Yes.' }] })
  expect(fieldsOf(sent[1], 'reasoning')).toEqual([
    undefined,
    'I look.',
    'I look again.',
    'Now I know.',
    'I make sure.',
  ])
})

test.each([
  ['reasoning_content', [' ', 'I look.', 'I look again.', 'Now I know.', 'I make sure.']],
  ['reasoning', [undefined, 'I look.', 'I look again.', 'Now I know.', 'I make sure.']],
] as const)('the setting %s returns the reasoning in this field at once', async (field, texts) => {
  vendor.server.reply(() => ({ text: 'Yes.' }))
  const { sent } = await start(field)(history)
  expect(sent.map(({ idempotencyKey }) => idempotencyKey)).toEqual(['resp_1.1'])
  expect(fieldsOf(sent[0], field)).toEqual(texts)
  expect(JSON.stringify(sent[0]?.body).match(/I look again/g)).toHaveLength(1)
})

test('with a setting, a refusal teaches nothing', async () => {
  vendor.server.reply(wants('reasoning_content', refusals[0][1]))
  const { reply, sent } = await start('none')(history)
  expect(reply).toMatchObject({ status: 400, retryable: false })
  expect(sent).toHaveLength(1)
})

describe('a refused request is not repeated', () => {
  test.each([
    ['when the refusal names no field', 'reasoning is not supported by this model'],
    ['when it names a parameter', 'Unsupported parameter: reasoning_effort'],
  ])('%s', async (_, message) => {
    vendor.server.reply(() => ({ status: 400, body: { error: { message } } }))
    expect((await start()(history)).sent).toHaveLength(1)
  })

  test('when there is no answer in the history', async () => {
    const message = refusals[0][1]
    vendor.server.reply(() => ({ status: 400, body: { error: { message } } }))
    expect((await start()([user('hello')])).sent).toHaveLength(1)
  })

  test('when it failed in another way', async () => {
    const message = refusals[0][1]
    vendor.server.reply(() => ({ status: 500, body: { error: { message } } }))
    expect((await start()(history)).sent).toHaveLength(1)
  })

  test('more than once, and a form that was refused as well is not remembered', async () => {
    const message = refusals[0][1]
    vendor.server.reply(() => ({ status: 400, body: { error: { message } } }))
    const ask = start()
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const { reply, sent } = await ask(history)
      expect(reply).toMatchObject({ status: 400 })
      expect(sent.map((each) => fieldsOf(each, 'reasoning_content')[1])).toEqual([
        undefined,
        'I look.',
      ])
    }
  })
})

/** The history of a turn whose first answer is this one. */
async function answered(reply: ScriptedReply): Promise<Message[]> {
  const { answer: given } = await vendor.ask(reply)
  const { parts } = given
  const [, results] = called('c1')
  const calls = [{ callId: 'c1', name: 'date', arguments: {} }]
  const turn: Message[] = [user('the date?'), { role: 'assistant', parts, calls }]
  return results === undefined ? turn : [...turn, results]
}

describe('reasoning_details', () => {
  const details = [
    { type: 'reasoning.text', text: 'Let me see.', signature: 'sig', format: 'x-v1', index: 0 },
    { type: 'reasoning.encrypted', data: 'hidden', id: 'e1', index: 1 },
    { type: 'reasoning.encrypted', data: 'hidden too', id: 'e2', index: 1 },
    { type: 'reasoning.summary', summary: 'Short.', index: 2 },
  ]
  const streamed = [
    [{ type: 'reasoning.text', text: 'Let me', format: 'x-v1', index: 0 }],
    [{ type: 'reasoning.text', text: ' see.', index: 0 }],
    [{ type: 'reasoning.text', text: null, signature: 'sig', index: 0, format: null }],
    details.slice(1, 3),
    [{ type: 'reasoning.summary', summary: 'Sh', index: 2 }],
    [{ type: 'reasoning.summary', summary: 'ort.', index: 2 }],
  ]
  const answer = {
    reasoning: ['Let me', ' see.'],
    reasoningField: 'reasoning',
    details: streamed,
    calls: [{ id: 'c1', name: 'date' }],
  }

  test('return to the server that sent them, whole and unchanged', async () => {
    const messages = await answered(answer)
    expect(messages[1]).toMatchObject({ parts: [{ kind: 'reasoning', text: 'Let me see.' }] })
    vendor.server.reply(() => ({ text: 'Yes.' }))
    const { sent } = await start()(messages)
    expect(fieldsOf(sent[0], 'reasoning_details')).toEqual([details])
    expect(JSON.stringify(sent[0]?.body)).not.toMatch(/"reasoning(_content)?"/)
  })

  test('return to no other server', async () => {
    const messages = await answered(answer)
    const other = await startScriptedModel()
    onTestFinished(() => other.close())
    const options = { signal: new AbortController().signal, onDelta: () => {} }
    const request = vendor.requestOf({ request: { messages } })
    await vendor.modelsAt(other).ask(request, options)
    expect(fieldsOf(other.requests[0], 'reasoning_details')).toEqual([undefined])
  })

  test('without a text are invisible reasoning', async () => {
    const messages = await answered({ ...answer, reasoning: [] })
    expect(messages[1]).toMatchObject({ parts: [{ kind: 'reasoning', text: '' }] })
    vendor.server.reply(() => ({ text: 'Yes.' }))
    expect(fieldsOf((await start()(messages)).sent[0], 'reasoning_details')).toEqual([details])
  })

  test('are left out for a server that refuses its own', async () => {
    const messages = await answered(answer)
    const message = 'messages.1.assistant.reasoning_details: property is unsupported'
    vendor.server.reply(({ body }) =>
      JSON.stringify(body).includes('reasoning_details')
        ? { status: 400, body: { error: { message } } }
        : { text: 'Yes.' },
    )
    const ask = start()
    expect((await ask(messages)).sent).toHaveLength(2)
    expect((await ask(messages)).sent).toHaveLength(1)
  })

  test('count as output', async () => {
    const data = 'x'.repeat(1024 * 1024)
    const lists = Array.from({ length: 5 }, () => [{ type: 'reasoning.encrypted', data }])
    expect(await vendor.failure({ details: lists })).toMatchObject({ code: 'output_too_large' })
  })
})
