import { describe, expect, test } from 'vitest'
import { google } from './google.ts'
import { createModels } from './models.ts'
import {
  apiKey,
  cityFormat,
  dateTool,
  historyOf,
  useVendor,
  withFiles,
  withResultFiles,
} from './vendor.fixture.ts'

const { ask, failure } = useVendor('google')

describe('a request', () => {
  test('is sent to the address of the model, with the key in a header', async () => {
    const { sent } = await ask({ text: 'hi' })
    expect(sent.path).toBe('/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse')
    expect(sent.headers['x-goog-api-key']).toBe(apiKey)
    expect(sent.body).toEqual({
      systemInstruction: { parts: [{ text: 'Be brief.' }] },
      contents: [{ role: 'user', parts: [{ text: 'hello' }] }],
      generationConfig: {},
    })
  })

  test.each(['x/../../../internal/reload#', 'models/x?key=1', '%2e%2e/x'])(
    'for the model %s of an older agent is not sent',
    async (name) => {
      const provider = google({ baseUrl: 'http://127.0.0.1:1', apiKey })
      const failed = createModels({ providers: new Map([['local', provider]]) }).ask(
        {
          model: { id: `local/${name}` },
          system: '',
          messages: [],
          tools: [],
          idempotencyKey: 'k',
        },
        { signal: new AbortController().signal, onDelta: () => {} },
      )
      await expect(failed).rejects.toMatchObject({
        retryable: false,
        message: expect.stringContaining('the model id'),
      })
    },
  )

  test('has only the parameters that the vendor knows, in the vendor’s format', async () => {
    const { sent } = await ask(
      { text: 'hi' },
      {
        request: {
          tools: [dateTool],
          model: {
            id: 'local/gemini-3-pro-preview',
            parameters: {
              temperature: 1.5,
              top_p: 0.9,
              top_k: 40,
              frequency_penalty: 0.1,
              presence_penalty: 0.2,
              max_completion_tokens: 200,
              seed: 7,
              stop: ['END', 'FIN'],
              parallel_tool_calls: false,
              verbosity: 'low',
              prompt_cache_key: 'k',
              cache_control: { type: 'ephemeral' },
              name: 'trace',
              fallbacks: [{ model: 'a/b' }],
            },
          },
        },
      },
    )
    const { systemInstruction: _, contents: __, tools, ...rest } = sent.body
    expect(rest).toEqual({
      generationConfig: {
        temperature: 1.5,
        topP: 0.9,
        topK: 40,
        frequencyPenalty: 0.1,
        presencePenalty: 0.2,
        maxOutputTokens: 200,
        seed: 7,
        stopSequences: ['END', 'FIN'],
      },
    })
    expect(tools).toMatchObject([
      { functionDeclarations: [{ name: 'current_date', description: 'the date' }] },
    ])
  })

  test.each([
    [{ thinking: { type: 'adaptive' } }, { includeThoughts: true }],
    [
      { thinking: { type: 'enabled', budget_tokens: 2_000 } },
      { includeThoughts: true, thinkingBudget: 2_000 },
    ],
    [
      { thinking: { type: 'enabled', budget_tokens: 2_000, thinking_level: 'low' } },
      { includeThoughts: true, thinkingLevel: 'low' },
    ],
    [{ thinking: { type: 'disabled' }, reasoning_effort: 'high' }, { thinkingBudget: 0 }],
    [{ reasoning_effort: 'none' }, { thinkingBudget: 0 }],
    [{ reasoning_effort: 'low' }, { includeThoughts: true, thinkingBudget: expect.any(Number) }],
    [{}, undefined],
  ])('with %j thinks accordingly', async (parameters, expected) => {
    const { sent } = await ask({ text: 'hi' }, { parameters })
    expect(sent.body['generationConfig']).toEqual(
      expected === undefined ? {} : { thinkingConfig: expected },
    )
  })

  test.each([
    ['none' as const, { functionCallingConfig: { mode: 'NONE' } }],
    ['required' as const, { functionCallingConfig: { mode: 'ANY' } }],
    [
      { name: 'current_date' },
      { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['current_date'] } },
    ],
  ])('sends the tool choice %j in the vendor’s format', async (toolChoice, expected) => {
    const { sent } = await ask({ text: 'hi' }, { request: { tools: [dateTool], toolChoice } })
    expect(sent.body['toolConfig']).toEqual(expected)
  })

  test('carries the history with signed thoughts, calls and results', async () => {
    const messages = historyOf({
      reasoning: { google: { thoughtSignature: 'sig-1' } },
      call: { google: { thoughtSignature: 'sig-2' } },
    })
    const { sent } = await ask({ text: 'hi' }, { request: { messages } })
    expect(sent.body['contents']).toEqual([
      { role: 'user', parts: [{ text: 'the date?' }] },
      {
        role: 'model',
        parts: [
          { text: 'secret', thought: true, thoughtSignature: 'sig-1' },
          { text: 'I look.' },
          {
            functionCall: { id: 'c1', name: 'current_date', args: { timezone: 'UTC' } },
            thoughtSignature: 'sig-2',
          },
          { functionCall: { id: 'c2', name: 'other', args: {} } },
        ],
      },
      {
        role: 'user',
        parts: [
          {
            functionResponse: {
              id: 'c1',
              name: 'current_date',
              response: { name: 'current_date', content: '{"date":"…"}' },
            },
          },
          {
            functionResponse: {
              id: 'c2',
              name: 'other',
              response: { name: 'other', error: 'no such page' },
            },
          },
        ],
      },
      { role: 'model', parts: [{ text: 'Monday.' }] },
      { role: 'user', parts: [{ text: 'thanks' }] },
    ])
  })

  const inlineFiles = [
    { inlineData: { mimeType: 'image/png', data: 'AAAA' } },
    { inlineData: { mimeType: 'application/pdf', data: 'JVBE' } },
  ]
  const responses = ['see', 'fine'].map((content, at) => {
    const name = ['shoot', 'other'][at]
    return { functionResponse: { id: `c${at + 1}`, name, response: { name, content } } }
  })

  test('carries the files of a result in the result, for models that read them there', async () => {
    const model = { id: 'local/gemini-3-pro-preview' }
    const { sent } = await ask({ text: 'hi' }, { request: { model, messages: withResultFiles } })
    const [see, fine] = responses
    const contents = sent.body['contents'] as { parts: object[] }[]
    const complete = { functionResponse: { ...see?.functionResponse, parts: inlineFiles } }
    expect(contents.slice(2)).toEqual([{ role: 'user', parts: [complete, fine] }])
  })

  test('carries the files of a result in a message after it, for other models', async () => {
    const { sent } = await ask({ text: 'hi' }, { request: { messages: withResultFiles } })
    const contents = sent.body['contents'] as object[]
    expect(contents.slice(2)).toEqual([
      { role: 'user', parts: responses },
      { role: 'user', parts: [{ text: 'Files of the result of shoot (c1):' }, ...inlineFiles] },
    ])
  })

  test('carries files as inline data', async () => {
    const { sent } = await ask({ text: 'hi' }, { request: { messages: withFiles } })
    const files = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'].map((mimeType) => ({
      inlineData: { mimeType, data: 'AAAA' },
    }))
    expect(sent.body['contents']).toEqual([
      {
        role: 'user',
        parts: [
          { text: 'What is this?' },
          ...files,
          { inlineData: { mimeType: 'application/pdf', data: 'JVBE' } },
        ],
      },
    ])
  })
})

describe('the output format', () => {
  const json = { responseMimeType: 'application/json' }

  test.each([
    ['by its schema', 'gemini-2.5-flash', cityFormat, [], cityFormat.schema],
    ['as any JSON', 'gemini-2.5-flash', {}, [], undefined],
    [
      'by its schema together with tools',
      'gemini-3-pro-preview',
      cityFormat,
      [dateTool],
      cityFormat.schema,
    ],
  ])('is sent %s', async (_, model, output, tools, schema) => {
    const request = { model: { id: `local/${model}` }, output, tools }
    const { answer, sent } = await ask({ text: '{"name":"Rome"}' }, { request })
    expect(sent.body['generationConfig']).toEqual({
      ...json,
      ...(schema && { responseJsonSchema: schema }),
    })
    expect(answer.parts).toEqual([{ kind: 'text', text: '{"name":"Rome"}' }])
  })

  test.each([cityFormat, {}])(
    'is sent as a tool to a model that supports no format together with tools; its arguments become the text',
    async (output) => {
      const { answer, sent } = await ask(
        { calls: [{ name: 'json', arguments: { name: 'Rome' } }] },
        { request: { output, tools: [dateTool] } },
      )
      expect(sent.body['generationConfig']).toEqual({})
      expect(JSON.stringify(sent.body['tools'])).toContain('"name":"json"')
      expect(answer).toMatchObject({ calls: [], reason: 'stop' })
      expect(answer.parts).toEqual([{ kind: 'text', text: '{"name":"Rome"}' }])
    },
  )
})

describe('an answer', () => {
  test('has thoughts, text and calls with their signatures', async () => {
    const { answer } = await ask({
      reasoning: ['Let me', ' see'],
      signature: 'sig-1',
      more: [{ text: ['I', ' look'], signature: 'sig-2' }],
      calls: [{ id: null, name: 'f', arguments: { a: 1 }, signature: 'sig-3' }, { name: 'g' }],
    })
    expect(answer.parts).toEqual([
      { kind: 'reasoning', text: 'Let me see', vendor: { google: { thoughtSignature: 'sig-1' } } },
      { kind: 'text', text: 'I look', vendor: { google: { thoughtSignature: 'sig-2' } } },
    ])
    expect(answer.calls).toEqual([
      {
        callId: expect.any(String),
        name: 'f',
        arguments: '{"a":1}',
        vendor: { google: { thoughtSignature: 'sig-3' } },
      },
      { callId: 'call_1', name: 'g', arguments: '{}' },
    ])
  })

  test('has no usage when the vendor gave none', async () => {
    expect((await ask({ text: 'hi', usage: null })).answer).not.toHaveProperty('usage')
  })

  test.each([
    ['RECITATION', 'content_filter'],
    ['PROHIBITED_CONTENT', 'content_filter'],
    ['OTHER', 'stop'],
  ])('that ends with %s has the reason %s', async (finish, reason) => {
    expect((await ask({ text: 'hi', finish })).answer.reason).toBe(reason)
  })

  test('with a malformed call may be retried', async () => {
    const error = await failure({ text: 'half', finish: 'MALFORMED_FUNCTION_CALL' })
    expect(error).toMatchObject({
      retryable: true,
      message: 'the provider failed within its answer',
    })
  })
})

describe('an error', () => {
  test.each([
    [429, 'RESOURCE_EXHAUSTED', 'quota', { status: 429, retryable: true, retryAfter: 34_500 }],
    [503, 'UNAVAILABLE', 'overloaded', { status: 503, retryable: true }],
    [
      400,
      'INVALID_ARGUMENT',
      'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).',
      { code: 'context_too_long', retryable: false },
    ],
    [400, 'INVALID_ARGUMENT', 'bad field', { code: 'provider_failed', retryable: false }],
  ])('%i %s, %s, is recognized as an answer and as a frame', async (code, status, message, is) => {
    const details = [
      { '@type': 'type.googleapis.com/google.rpc.Help' },
      { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34.5s' },
    ]
    const body = { error: { code, message, status, details } }
    const answered = await failure({ status: code, body })
    expect(answered).toMatchObject(is)
    expect(answered.message).toBe(`the provider answered ${code}: ${message}`)
    expect(await failure({ status: code, body: [body] })).toMatchObject(is)
    for (const text of [[], ['half']]) {
      expect(await failure({ text, fault: 'error_frame', body })).toMatchObject(is)
    }
  })

  test('does not repeat a key', async () => {
    const message = `no AIzaSyA1234567890 at https://host/v1?key=abcdefgh&x=1, ${apiKey}`
    const error = await failure({
      status: 400,
      body: { error: { message, status: 'X', code: 400 } },
    })
    expect(error.message).toBe(
      'the provider answered 400: no [key] at https://host/v1[key]&x=1, [key]',
    )
  })
})

describe('an answer with grounding', () => {
  const groundingChunks = ['A', 'B'].map((title) => ({
    web: { uri: `https://${title.toLowerCase()}.example`, title },
  }))

  test('has a source for each segment, whose bytes become characters', async () => {
    const text = 'Größe 😀 zählt. Ja.'
    const first = Buffer.byteLength('Größe 😀 zählt.')
    const groundingSupports = [
      { segment: { endIndex: first }, groundingChunkIndices: [0, 1] },
      {
        segment: { startIndex: first + 1, endIndex: Buffer.byteLength(text) },
        groundingChunkIndices: [1, 7],
      },
    ]
    const sources = [{ groundingChunks, groundingSupports }]
    const { answer } = await ask({ text: [text], sources })
    const of = (url: string, title: string, segment: string) => ({
      type: 'url_citation',
      url,
      title,
      start_index: text.indexOf(segment),
      end_index: text.indexOf(segment) + segment.length,
    })
    expect(answer.parts).toEqual([
      {
        kind: 'text',
        text,
        annotations: [
          of('https://a.example', 'A', 'Größe 😀 zählt.'),
          of('https://b.example', 'B', 'Größe 😀 zählt.'),
          of('https://b.example', 'B', 'Ja.'),
        ],
      },
    ])
  })

  test('has sources of the whole text when there are no segments', async () => {
    const { answer } = await ask({ text: ['So.'], sources: [{ groundingChunks }] })
    expect(answer.parts[0]?.annotations).toMatchObject([
      { url: 'https://a.example', start_index: 0, end_index: 3 },
      { url: 'https://b.example', start_index: 0, end_index: 3 },
    ])
  })
})
