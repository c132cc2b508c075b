import { describe, expect, test } from 'vitest'
import {
  apiKey,
  cityFormat,
  dateTool,
  historyOf,
  useVendor,
  withFiles,
  withResultFiles,
} from './vendor.fixture.ts'

const vendor = useVendor('openai')
const { ask, failure } = vendor

describe('a request', () => {
  test('is sent with the step key, the key of the provider and the model name without the provider', async () => {
    const { sent } = await ask({ text: 'hi' })
    expect(sent.path).toBe('/v1/chat/completions')
    expect(sent.headers.authorization).toBe(`Bearer ${apiKey}`)
    expect(sent.body).toEqual({
      model: 'meta-llama/Llama-3-8b',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'hello' },
      ],
      stream: true,
      stream_options: { include_usage: true },
    })
  })

  test('has only the parameters that a vendor knows', async () => {
    const known = {
      temperature: 0.3,
      top_p: 0.9,
      top_k: 40,
      frequency_penalty: 0.1,
      presence_penalty: 0.2,
      seed: 7,
      max_tokens: 100,
      max_completion_tokens: 200,
      stop: ['END'],
      response_format: { type: 'json_schema', json_schema: { name: 'x', schema: {} } },
      reasoning_effort: 'low',
      verbosity: 'low',
      parallel_tool_calls: false,
      modalities: ['text'],
      prompt_cache_key: 'k',
    }
    const gateway = {
      name: 'trace',
      guardrails: [],
      plugins: [],
      fallbacks: [{ model: 'a/b' }],
      cache: { type: 'exact_match' },
      load_balancer: {},
      timeout: { call_timeout: 60_000 },
      cache_control: { type: 'ephemeral' },
      thinking: { type: 'disabled' },
      tool_choice: 'required',
      stream: false,
      messages: [],
      user: 'u',
    }
    const { sent } = await ask(
      { text: 'hi' },
      { parameters: { ...known, ...gateway }, request: { tools: [dateTool] } },
    )
    const { model: _, messages, tools, stream, stream_options, ...parameters } = sent.body
    expect(parameters).toEqual(known)
    expect({ stream, stream_options }).toMatchObject({ stream: true })
    expect(messages).toHaveLength(2)
    expect(tools).toEqual([{ type: 'function', function: dateTool }])
  })

  test('has no nulls, and nothing about tools when there are none', async () => {
    const parameters = { temperature: null, stop: null, parallel_tool_calls: true }
    const { sent } = await ask({ text: 'hi' }, { parameters, request: { toolChoice: 'required' } })
    expect(Object.keys(sent.body).toSorted()).toEqual([
      'messages',
      'model',
      'stream',
      'stream_options',
    ])
  })

  test.each([
    ['none' as const, 'none'],
    ['required' as const, 'required'],
    [{ name: 'current_date' }, { type: 'function', function: { name: 'current_date' } }],
  ])('sends the tool choice %j in the vendor’s format', async (toolChoice, expected) => {
    const { sent } = await ask({ text: 'hi' }, { request: { tools: [dateTool], toolChoice } })
    expect(sent.body['tool_choice']).toEqual(expected)
  })

  test('carries the history: no reasoning, calls with their arguments, results as text', async () => {
    const request = { system: '', messages: historyOf() }
    const { sent } = await ask({ text: 'hi' }, { request })
    expect(sent.body.messages).toEqual([
      { role: 'user', content: 'the date?' },
      {
        role: 'assistant',
        content: 'I look.',
        tool_calls: [
          {
            id: 'c1',
            type: 'function',
            function: { name: 'current_date', arguments: '{"timezone":"UTC"}' },
          },
          { id: 'c2', type: 'function', function: { name: 'other', arguments: '{}' } },
        ],
      },
      { role: 'tool', tool_call_id: 'c1', content: '{"date":"…"}' },
      { role: 'tool', tool_call_id: 'c2', content: 'no such page' },
      { role: 'assistant', content: 'Monday.' },
      { role: 'user', content: 'thanks' },
    ])
  })

  test('carries the files of a result in a user message after the results', async () => {
    const next = { role: 'user' as const, parts: [{ kind: 'text' as const, text: 'and?' }] }
    const moved = [
      { type: 'text', text: 'Files of the result of shoot (c1):' },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
      {
        type: 'file',
        file: { filename: 'report.pdf', file_data: 'data:application/pdf;base64,JVBE' },
      },
    ]
    for (const more of [[], [next]]) {
      const request = { system: '', messages: [...withResultFiles, ...more] }
      const { sent } = await ask({ text: 'hi' }, { request })
      const texts = more.map(() => ({ type: 'text', text: 'and?' }))
      expect(sent.body.messages?.slice(2)).toEqual([
        { role: 'tool', tool_call_id: 'c1', content: 'see' },
        { role: 'tool', tool_call_id: 'c2', content: 'fine' },
        { role: 'user', content: [...moved, ...texts] },
      ])
    }
  })

  test('carries files as data URLs', async () => {
    const { sent } = await ask({ text: 'hi' }, { request: { messages: withFiles } })
    const images = ['png', 'jpeg', 'gif', 'webp'].map((type) => ({
      type: 'image_url',
      image_url: { url: `data:image/${type};base64,AAAA` },
    }))
    expect(sent.body.messages?.at(-1)?.content).toEqual([
      { type: 'text', text: 'What is this?' },
      ...images,
      {
        type: 'file',
        file: { filename: 'report.pdf', file_data: 'data:application/pdf;base64,JVBE' },
      },
    ])
  })
})

describe('the output format', () => {
  const expectedFormat = { type: 'json_schema', json_schema: cityFormat }
  const own = { type: 'json_schema', json_schema: { name: 'x', schema: {}, vendor_field: 1 } }

  test.each([
    ['by its schema', cityFormat, undefined, expectedFormat],
    ['as any JSON', { name: 'x' }, undefined, { type: 'json_object' }],
    [
      'by a schema without a name',
      { schema: {} },
      undefined,
      {
        type: 'json_schema',
        json_schema: { name: 'answer', schema: {} },
      },
    ],
    ['by its schema, although the agent sets text', cityFormat, { type: 'text' }, expectedFormat],
    ["as the agent's own parameter has it", cityFormat, own, own],
    ["as the agent's own parameter has it, also alone", undefined, own, own],
  ])('is sent %s', async (_, output, response_format, expected) => {
    const { sent } = await ask(
      { text: '{}' },
      {
        parameters: { ...(response_format && { response_format }) },
        request: { ...(output && { output }) },
      },
    )
    expect(sent.body['response_format']).toEqual(expected)
  })
})

describe('an answer', () => {
  test('has no usage when the vendor sent none', async () => {
    expect((await ask({ text: 'hi', usage: null })).answer).not.toHaveProperty('usage')
  })

  test('with an unknown finish reason ends normally, except for the reason "error"', async () => {
    expect((await ask({ text: 'hi', finish: 'eos' })).answer.reason).toBe('stop')
    expect(await failure({ text: 'half', finish: 'error' })).toMatchObject({
      retryable: true,
      message: 'the provider failed within its answer',
    })
  })

  test('that refuses is complete, and its text is a refusal', async () => {
    const { answer, deltas } = await ask({ text: 'Well.', refusal: ['I will', ' not.'] })
    expect(answer).toMatchObject({ reason: 'stop', calls: [] })
    expect(answer.parts).toEqual([
      { kind: 'text', text: 'Well.' },
      { kind: 'text', text: 'I will not.', refusal: true },
    ])
    expect(deltas).toEqual([
      { part: 0, kind: 'text', text: 'Well.' },
      { part: 1, kind: 'text', text: 'I will', refusal: true },
      { part: 1, kind: 'text', text: ' not.', refusal: true },
    ])
  })

  test('has the sources of its text in the form of OpenAI Responses, each once', async () => {
    const page = { url: 'https://a.example', title: 'A', start_index: 0, end_index: 3 }
    const sources = [
      { type: 'url_citation', url_citation: { ...page, content: 'long' } },
      { type: 'url_citation', ...page },
      { type: 'url_citation', url_citation: { url: 'https://b.example' } },
      { type: 'url_citation', url_citation: { title: 'no address' } },
      { type: 'file', file: { content: [] } },
    ]
    const { answer } = await ask({ text: 'It is so.', sources })
    expect(answer.parts).toEqual([
      {
        kind: 'text',
        text: 'It is so.',
        annotations: [
          { type: 'url_citation', ...page },
          {
            type: 'url_citation',
            url: 'https://b.example',
            title: '',
            start_index: 0,
            end_index: 9,
          },
        ],
      },
    ])
  })

  test('has the sources that came before its text', async () => {
    const source = { type: 'url_citation', url: 'https://a.example', start_index: 0, end_index: 2 }
    const more = [{ text: 'It is so.' }]
    const { answer } = await ask({ text: [], sources: [source], more })
    expect(answer.parts).toMatchObject([{ text: 'It is so.', annotations: [source] }])
  })

  test('has the signature of a call, which is sent back only to the server that sent it', async () => {
    const { answer } = await ask({ calls: [{ name: 'f', signature: 'sig' }] })
    const signed = answer.calls[0]?.vendor ?? {}
    const { port } = new URL(vendor.server.url)
    expect(signed).toEqual({ [`longhaul127001${port}v1`]: { thoughtSignature: 'sig' } })
    const { sent } = await ask(
      { text: 'hi' },
      { request: { messages: historyOf({ call: signed }) } },
    )
    expect(sent.body.messages?.[2]?.['tool_calls']).toMatchObject([
      { id: 'c1', extra_content: { google: { thought_signature: 'sig' } } },
      { id: 'c2' },
    ])
  })
})

test('the error of an error frame has the vendor’s message', async () => {
  const body = { error: { message: 'overloaded', code: 529 } }
  expect(await failure({ text: 'half', fault: 'error_frame', body })).toMatchObject({
    message: 'the provider answered 529: overloaded',
    status: 529,
    retryable: true,
  })
  for (const type of ['invalid_request_error', 'authentication_error', 'insufficient_quota']) {
    const wrong = { error: { message: 'bad', type } }
    expect(await failure({ fault: 'error_frame', body: wrong })).toMatchObject({ retryable: false })
  }
})
