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

const { ask, failure } = useVendor('anthropic')

describe('a request', () => {
  test('is sent with a limit, and with the system prompt in its own field', async () => {
    const { sent } = await ask({ text: 'hi' })
    expect(sent.path).toBe('/v1/messages')
    expect(sent.headers).toMatchObject({ 'x-api-key': apiKey, 'anthropic-version': '2023-06-01' })
    expect(sent.body).toEqual({
      model: 'claude-sonnet-4-5',
      max_tokens: 32_000,
      system: [{ type: 'text', text: 'Be brief.' }],
      messages: [{ role: 'user', content: [{ type: 'text', text: 'hello' }] }],
      stream: true,
    })
  })

  test('has only the parameters that the vendor knows, in the vendor’s format', async () => {
    const { sent } = await ask(
      { text: 'hi' },
      {
        request: { tools: [dateTool] },
        parameters: {
          temperature: 1.5,
          top_k: 40,
          max_tokens: 100,
          max_completion_tokens: 200,
          stop: 'END',
          parallel_tool_calls: false,
          cache_control: { type: 'ephemeral', ttl: '1h' },
          frequency_penalty: 0.1,
          presence_penalty: 0.2,
          seed: 7,
          verbosity: 'low',
          prompt_cache_key: 'k',
          name: 'trace',
          cache: { type: 'exact_match' },
          fallbacks: [{ model: 'a/b' }],
          timeout: { call_timeout: 60_000 },
        },
      },
    )
    const { model: _, system: __, messages: ___, stream: ____, tools, ...parameters } = sent.body
    expect(parameters).toEqual({
      temperature: 1,
      top_k: 40,
      max_tokens: 200,
      stop_sequences: ['END'],
      tool_choice: { type: 'auto', disable_parallel_tool_use: true },
      cache_control: { type: 'ephemeral', ttl: '1h' },
    })
    expect(tools).toMatchObject([
      {
        name: 'current_date',
        description: 'the date',
        input_schema: { type: 'object', properties: {} },
      },
    ])
  })

  test.each([
    [
      { thinking: { type: 'enabled', budget_tokens: 2_000 }, max_tokens: 1_000 },
      {
        thinking: { type: 'enabled', budget_tokens: 2_000 },
        max_tokens: 3_000,
      },
    ],
    [{ thinking: { type: 'disabled' } }, { thinking: { type: 'disabled' } }],
    [{ reasoning_effort: 'none' }, { thinking: { type: 'disabled' } }],
    [{ reasoning_effort: 'low' }, { thinking: { type: 'enabled' } }],
  ])('with %j thinks accordingly', async (parameters, expected) => {
    expect((await ask({ text: 'hi' }, { parameters })).sent.body).toMatchObject(expected)
  })

  test.each([
    [
      { thinking: { type: 'adaptive' } },
      {
        thinking: { type: 'adaptive', display: 'summarized' },
      },
    ],
    [
      { reasoning_effort: 'high' },
      {
        thinking: { type: 'adaptive', display: 'summarized' },
        output_config: { effort: 'high' },
      },
    ],
  ])(
    'with %j lets a model choose how long it thinks, where it can',
    async (parameters, expected) => {
      const model = { id: 'local/claude-opus-4-6', parameters }
      expect((await ask({ text: 'hi' }, { request: { model } })).sent.body).toMatchObject(expected)
    },
  )

  test.each([
    ['none' as const, { type: 'none' }],
    ['required' as const, { type: 'any' }],
    [{ name: 'current_date' }, { type: 'tool', name: 'current_date' }],
  ])('sends the tool choice %j in the vendor’s format', async (toolChoice, expected) => {
    const { sent } = await ask({ text: 'hi' }, { request: { tools: [dateTool], toolChoice } })
    expect(sent.body['tool_choice']).toEqual(expected)
  })

  test('carries the history with signed reasoning, calls and results', async () => {
    const messages = historyOf({ reasoning: { anthropic: { signature: 'sig' } } })
    const { sent } = await ask({ text: 'hi' }, { request: { messages } })
    expect(sent.body.messages).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'the date?' }] },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'secret', signature: 'sig' },
          { type: 'text', text: 'I look.' },
          { type: 'tool_use', id: 'c1', name: 'current_date', input: { timezone: 'UTC' } },
          { type: 'tool_use', id: 'c2', name: 'other', input: {} },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'c1', content: '{"date":"…"}' },
          { type: 'tool_result', tool_use_id: 'c2', content: 'no such page', is_error: true },
        ],
      },
      { role: 'assistant', content: [{ type: 'text', text: 'Monday.' }] },
      { role: 'user', content: [{ type: 'text', text: 'thanks' }] },
    ])
  })

  test('carries redacted reasoning, which only the vendor can read', async () => {
    const messages = historyOf({ reasoning: { anthropic: { redactedData: 'sealed' } } })
    const { sent } = await ask({ text: 'hi' }, { request: { messages } })
    expect(JSON.stringify(sent.body.messages?.[1])).toContain(
      '{"type":"redacted_thinking","data":"sealed"}',
    )
  })

  test('carries the files of a result in the result', async () => {
    const { sent } = await ask({ text: 'hi' }, { request: { messages: withResultFiles } })
    expect(sent.body.messages?.[2]?.content).toEqual([
      {
        type: 'tool_result',
        tool_use_id: 'c1',
        content: [
          { type: 'text', text: 'see' },
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
          {
            type: 'document',
            source: { type: 'base64', media_type: 'application/pdf', data: 'JVBE' },
          },
        ],
      },
      { type: 'tool_result', tool_use_id: 'c2', content: 'fine' },
    ])
    expect(sent.body.messages).toHaveLength(3)
  })

  test('carries files as images and documents', async () => {
    const { sent } = await ask({ text: 'hi' }, { request: { messages: withFiles } })
    const images = ['png', 'jpeg', 'gif', 'webp'].map((type) => ({
      type: 'image',
      source: { type: 'base64', media_type: `image/${type}`, data: 'AAAA' },
    }))
    expect(sent.body.messages?.[0]?.content).toEqual([
      { type: 'text', text: 'What is this?' },
      ...images,
      {
        type: 'document',
        title: 'report.pdf',
        source: { type: 'base64', media_type: 'application/pdf', data: 'JVBE' },
      },
    ])
  })
})

describe('the output format', () => {
  test('is sent as a schema to a model that supports schemas, and the tool choice stays free', async () => {
    const request = { output: cityFormat, tools: [dateTool] }
    const { answer, sent } = await ask({ text: '{"name":"Rome"}' }, { request })
    expect(sent.body['output_config']).toEqual({
      format: { type: 'json_schema', schema: cityFormat.schema },
    })
    expect(sent.body['tools']).toMatchObject([{ name: 'current_date' }])
    expect(sent.body['tool_choice']).toBeUndefined()
    expect(answer).toMatchObject({ parts: [{ kind: 'text', text: '{"name":"Rome"}' }], calls: [] })
  })

  test.each([
    ['to an older model', 'local/claude-sonnet-4-0', cityFormat],
    ['when any JSON is accepted', 'local/claude-sonnet-4-5', {}],
  ])('is sent as a tool %s; its arguments become the text', async (_, id, output) => {
    const request = { model: { id }, output, tools: [dateTool] }
    const json = [{ name: 'json', arguments: { name: 'Rome' }, fragments: 3 }]
    const { answer, deltas, sent } = await ask({ text: 'I answer.', calls: json }, { request })
    expect(sent.body['tools']).toMatchObject([{ name: 'current_date' }, { name: 'json' }])
    expect(sent.body['tool_choice']).toEqual({ type: 'any', disable_parallel_tool_use: true })
    expect(answer.parts).toEqual([{ kind: 'text', text: '{"name":"Rome"}' }])
    expect(answer).toMatchObject({ calls: [], reason: 'stop' })
    expect(deltas).toHaveLength(3)
  })

  test('does not prevent the model from calling other tools first', async () => {
    const model = { id: 'local/claude-sonnet-4-0' }
    const { answer } = await ask(
      { calls: [{ id: 'c1', name: 'current_date', arguments: { timezone: 'UTC' } }] },
      { request: { model, output: cityFormat, tools: [dateTool] } },
    )
    expect(answer.calls).toEqual([
      { callId: 'c1', name: 'current_date', arguments: '{"timezone":"UTC"}' },
    ])
    expect(answer.reason).toBe('tool_calls')
  })
})

describe('an answer', () => {
  test('has each reasoning block as its own part, with its signature', async () => {
    const { answer, deltas } = await ask({
      redacted: 'sealed',
      reasoning: ['Let me', ' see'],
      signature: 'sig-1',
      more: [
        { reasoning: 'again', signature: 'sig-2' },
        { text: 'one ' },
        { text: 'two' },
        { reasoning: 'unsigned' },
      ],
    })
    expect(answer.parts).toEqual([
      { kind: 'reasoning', text: '', vendor: { anthropic: { redactedData: 'sealed' } } },
      { kind: 'reasoning', text: 'Let me see', vendor: { anthropic: { signature: 'sig-1' } } },
      { kind: 'reasoning', text: 'again', vendor: { anthropic: { signature: 'sig-2' } } },
      { kind: 'text', text: 'one ' },
      { kind: 'text', text: 'two' },
      { kind: 'reasoning', text: 'unsigned' },
    ])
    expect(deltas.map(({ part, text }) => [part, text])).toEqual([
      [1, 'Let me'],
      [1, ' see'],
      [2, 'again'],
      [3, 'one '],
      [4, 'two'],
      [5, 'unsigned'],
    ])
  })

  test('has the tokens that were read from the cache and written to it', async () => {
    const usage = { input: 100, output: 20, cached: 60, cacheCreation: 30, reasoning: 5 }
    expect((await ask({ text: 'hi', usage })).answer.usage).toEqual({
      inputTokens: 100,
      outputTokens: 20,
      totalTokens: 120,
      cachedTokens: 60,
      cacheCreationTokens: 30,
      reasoningTokens: 5,
    })
  })

  test.each([
    ['stop_sequence', 'stop'],
    ['pause_turn', 'stop'],
    ['model_context_window_exceeded', 'length'],
    ['refusal', 'content_filter'],
  ])('that ends with %s has the reason %s', async (finish, reason) => {
    expect((await ask({ text: 'hi', finish })).answer.reason).toBe(reason)
  })
})

describe('an error', () => {
  test.each([
    [529, 'overloaded_error', 'Overloaded', { status: 529, retryable: true }],
    [429, 'rate_limit_error', 'slow down', { status: 429, retryable: true }],
    [
      400,
      'invalid_request_error',
      'prompt is too long: 215000 tokens > 200000 maximum',
      { code: 'context_too_long', retryable: false },
    ],
    [
      400,
      'invalid_request_error',
      'input length and `max_tokens` exceed context limit: 190000 + 32000 > 200000',
      { code: 'context_too_long', retryable: false },
    ],
    [
      413,
      'request_too_large',
      'Request exceeds the maximum size',
      { code: 'context_too_long', retryable: false },
    ],
    [400, 'invalid_request_error', 'max_tokens: must be positive', { code: 'provider_failed' }],
  ])('%i %s, %s, is recognized as an answer and as a frame', async (status, type, message, is) => {
    const body = { type: 'error', error: { type, message }, request_id: 'req_1' }
    const headers = { 'retry-after': '3' }
    const answered = await failure({ status, body, headers })
    expect(answered).toMatchObject({ ...is, retryAfter: 3_000 })
    expect(answered.message).toBe(`the provider answered ${status}: ${message}`)
    for (const text of [[], ['half']]) {
      expect(await failure({ text, fault: 'error_frame', body })).toMatchObject(is)
    }
  })

  test('does not repeat a key', async () => {
    const error = { type: 'authentication_error', message: 'invalid x-api-key: abcdefgh' }
    const { message } = await failure({ status: 401, body: { type: 'error', error } })
    expect(message).toBe('the provider answered 401: invalid [key]')
  })
})

test('an answer has the sources of each cited text, and the next request sends them back', async () => {
  const citation = {
    type: 'web_search_result_location',
    url: 'https://a.example',
    title: null,
    cited_text: 'it is',
    encrypted_index: 'index',
  }
  const search = {
    type: 'search_result_location',
    source: 'https://b.example',
    title: 'B',
    cited_text: 'so',
    search_result_index: 0,
    start_block_index: 0,
    end_block_index: 1,
  }
  const { answer } = await ask({
    text: 'First, ',
    more: [{ text: 'it is so.', sources: [citation, search] }],
  })
  const whole = { type: 'url_citation', start_index: 0, end_index: 9 }
  expect(answer.parts).toMatchObject([
    { kind: 'text', text: 'First, ' },
    {
      kind: 'text',
      text: 'it is so.',
      annotations: [
        { ...whole, url: 'https://a.example', title: '' },
        { ...whole, url: 'https://b.example', title: 'B' },
      ],
    },
  ])
  expect(answer.parts[0]).not.toHaveProperty('annotations')
  const { sent } = await ask(
    { text: 'hi' },
    {
      request: {
        messages: [
          { role: 'user', parts: [{ kind: 'text', text: 'so?' }] },
          { role: 'assistant', parts: answer.parts, calls: [] },
          { role: 'user', parts: [{ kind: 'text', text: 'sure?' }] },
        ],
      },
    },
  )
  expect(sent.body.messages?.[1]?.content).toMatchObject([
    { text: 'First, ' },
    { text: 'it is so.', citations: [citation, search] },
  ])
})
