import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ModelError, limits } from '@longhaul/core'
import type { ModelDelta, ModelRequest } from '@longhaul/core'
import { startScriptedModel } from '@longhaul/testing'
import type { ScriptedModel, ScriptedReply } from '@longhaul/testing'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createModels } from './models.ts'
import { openaiCompatible } from './openai-compatible.ts'
import type { Timeouts } from './watch-call.ts'

let server: ScriptedModel
beforeAll(async () => {
  server = await startScriptedModel()
})
afterAll(async () => await server.close())

const apiKey = 'our-secret-0123456789'

function modelsAt(url: string, timeouts: Partial<Timeouts> = {}) {
  return createModels({
    providers: new Map([['local', openaiCompatible({ baseUrl: url, apiKey })]]),
    timeouts,
  })
}

function requestOf(over: Partial<ModelRequest> = {}): ModelRequest {
  return {
    model: { id: 'local/meta-llama/Llama-3-8b' },
    system: 'Be brief.',
    messages: [{ role: 'user', parts: [{ kind: 'text', text: 'hello' }] }],
    tools: [],
    idempotencyKey: 'resp_1.1',
    ...over,
  }
}

async function ask(
  reply: ScriptedReply,
  {
    request = requestOf(),
    signal = new AbortController().signal,
    timeouts = {},
  }: { request?: ModelRequest; signal?: AbortSignal; timeouts?: Partial<Timeouts> } = {},
) {
  server.reply(reply)
  const deltas: ModelDelta[] = []
  const answer = await modelsAt(server.url, timeouts).ask(request, {
    signal,
    onDelta: (delta) => deltas.push(delta),
  })
  return { answer, deltas, sent: server.requests.at(-1)! }
}

async function failure(...args: Parameters<typeof ask>): Promise<ModelError> {
  const error = await ask(...args).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(ModelError)
  return error as ModelError
}

const dateTool = {
  name: 'current_date',
  description: 'the date',
  parameters: { type: 'object', properties: {} },
}

describe('an answer', () => {
  test('comes as deltas and as whole parts', async () => {
    const { answer, deltas } = await ask({ reasoning: ['Let me', ' see'], text: ['Good', ' day'] })
    expect(answer.parts).toEqual([
      { kind: 'reasoning', text: 'Let me see' },
      { kind: 'text', text: 'Good day' },
    ])
    expect(deltas).toEqual([
      { part: 0, kind: 'reasoning', text: 'Let me' },
      { part: 0, kind: 'reasoning', text: ' see' },
      { part: 1, kind: 'text', text: 'Good' },
      { part: 1, kind: 'text', text: ' day' },
    ])
    expect(answer.reason).toBe('stop')
    expect(answer.calls).toEqual([])
  })

  test('brings the usage that the vendor gave', async () => {
    const usage = { input: 100, output: 20, cached: 60, reasoning: 5 }
    const { answer } = await ask({ text: 'hi', usage })
    expect(answer.usage).toEqual({
      inputTokens: 100,
      outputTokens: 20,
      totalTokens: 120,
      cachedTokens: 60,
      reasoningTokens: 5,
    })
  })

  test('has no usage when the vendor gave none, and no details that it did not give', async () => {
    expect((await ask({ text: 'hi', usage: null })).answer).not.toHaveProperty('usage')
    const { answer } = await ask({ text: 'hi', usage: { input: 1, output: 2 } })
    expect(answer.usage).toEqual({ inputTokens: 1, outputTokens: 2, totalTokens: 3 })
  })

  test('brings calls whose arguments came in fragments', async () => {
    const { answer } = await ask({
      calls: [
        { id: 'call_a', name: 'current_date', arguments: { timezone: 'UTC' }, fragments: 5 },
        { id: 'call_b', name: 'current_date', arguments: '{"broken', fragments: 3 },
      ],
    })
    expect(answer.calls).toEqual([
      { callId: 'call_a', name: 'current_date', arguments: '{"timezone":"UTC"}' },
      { callId: 'call_b', name: 'current_date', arguments: '{"broken' },
    ])
    expect(answer.reason).toBe('tool_calls')
  })

  test('with calls has the reason tool_calls, whatever the vendor says', async () => {
    const { answer } = await ask({ calls: [{ name: 'f' }], finish: 'stop' })
    expect(answer.reason).toBe('tool_calls')
  })

  test('leaves out a call that the model had no room to write', async () => {
    const { answer } = await ask({ calls: [{ name: 'f', arguments: '' }], finish: 'length' })
    expect(answer).toMatchObject({ calls: [], reason: 'length' })
  })

  test.each([
    ['stop', 'stop'],
    ['length', 'length'],
    ['content_filter', 'content_filter'],
    ['end_turn', 'stop'],
  ])('that ends with %s has the reason %s', async (finish, reason) => {
    expect((await ask({ text: 'hi', finish })).answer.reason).toBe(reason)
  })

  test('may be without text when the vendor stopped it', async () => {
    expect((await ask({ finish: 'content_filter' })).answer.reason).toBe('content_filter')
    expect((await ask({ reasoning: 'hm', finish: 'length' })).answer.reason).toBe('length')
  })
})

describe('a request', () => {
  test('goes out with the step key, the key of the provider and the model below it', async () => {
    const { sent } = await ask({ text: 'hi' })
    expect(sent.idempotencyKey).toBe('resp_1.1')
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

  test('has the parameters that a vendor knows, and no others', async () => {
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
      tool_choice: { type: 'function', function: { name: 'current_date' } },
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
      stream: false,
      messages: [],
      user: 'u',
    }
    const { sent } = await ask(
      { text: 'hi' },
      {
        request: requestOf({
          model: { id: 'local/m', parameters: { ...known, ...gateway } },
          tools: [dateTool],
        }),
      },
    )
    const { model, messages, tools, stream, stream_options, ...parameters } = sent.body
    expect(parameters).toEqual(known)
    expect({ model, stream, stream_options }).toMatchObject({ model: 'm', stream: true })
    expect(messages).toHaveLength(2)
    expect(tools).toEqual([{ type: 'function', function: dateTool }])
  })

  test('has no nulls, and nothing about tools when there are none', async () => {
    const parameters = {
      temperature: null,
      stop: null,
      tool_choice: 'required',
      parallel_tool_calls: true,
    }
    const request = requestOf({ model: { id: 'local/m', parameters } })
    const { sent } = await ask({ text: 'hi' }, { request })
    expect(Object.keys(sent.body).toSorted()).toEqual([
      'messages',
      'model',
      'stream',
      'stream_options',
    ])
  })

  test('carries the history: no reasoning, calls with their arguments, results as text', async () => {
    const { sent } = await ask(
      { text: 'hi' },
      {
        request: requestOf({
          system: '',
          messages: [
            { role: 'user', parts: [{ kind: 'text', text: 'the date?' }] },
            {
              role: 'assistant',
              parts: [
                { kind: 'reasoning', text: 'secret' },
                { kind: 'text', text: 'I look.' },
              ],
              calls: [
                { callId: 'c1', name: 'current_date', arguments: { timezone: 'UTC' } },
                { callId: 'c2', name: 'other', arguments: {} },
              ],
            },
            {
              role: 'tool',
              results: [
                { callId: 'c1', name: 'current_date', text: '{"date":"…"}', failed: false },
                { callId: 'c2', name: 'other', text: 'no such page', failed: true },
              ],
            },
            { role: 'assistant', parts: [{ kind: 'text', text: 'Monday.' }], calls: [] },
            { role: 'user', parts: [{ kind: 'text', text: 'thanks' }] },
          ],
        }),
      },
    )
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
})

describe('a vendor that refuses', () => {
  test.each([
    [400, false],
    [401, false],
    [404, false],
    [408, true],
    [409, true],
    [425, true],
    [429, true],
    [500, true],
    [503, true],
  ])('with %i may be asked again: %s', async (status, retryable) => {
    const before = server.requests.length
    const error = await failure({ status, body: { error: { message: 'Not now' } } })
    expect(error).toMatchObject({ status, retryable, code: 'provider_failed' })
    expect(error.message).toBe(`the provider answered ${status}: Not now`)
    expect(server.requests.length - before, 'requests: the library does not retry').toBe(1)
  })

  test.each([
    [{ 'retry-after': '7' }, 7_000],
    [{ 'retry-after-ms': '250', 'retry-after': '1' }, 250],
    [{ 'retry-after': 'soon' }, undefined],
    [{}, undefined],
  ])('with the headers %j asks to wait %s ms', async (headers, wait) => {
    expect((await failure({ status: 429, headers })).retryAfter).toBe(wait)
  })

  test('may name a date to wait for', async () => {
    const headers = { 'retry-after': new Date(Date.now() + 60_000).toUTCString() }
    const { retryAfter } = await failure({ status: 503, headers })
    expect(retryAfter).toBeGreaterThan(55_000)
    expect(retryAfter).toBeLessThanOrEqual(60_000)
  })

  test('may not make us repeat the key', async () => {
    const message = `Incorrect API key provided: ${apiKey}, or sk-abc*****xyz. Authorization: Bearer zzz`
    const error = await failure({ status: 401, body: { error: { message } } })
    expect(error.message).not.toMatch(/secret|abc|zzz/)
    expect(error.message).toContain('[key]')
    expect(error.cause).toBeUndefined()
  })

  test.each([
    [{ error: 'model not found' }, ': model not found'],
    [{ object: 'error', message: 'bad' }, ': bad'],
    [{ detail: 'no' }, ': no'],
    ['<html>Bad Gateway</html>', ''],
    ['', ''],
  ])('in its own way, %j, is understood', async (body, message) => {
    const error = await failure({ status: 502, body })
    expect(error.message).toBe(`the provider answered 502${message}`)
  })

  test('by sending us elsewhere is not followed', async () => {
    const headers = { location: `${server.url}/models` }
    expect(await failure({ status: 302, headers })).toMatchObject({ status: 302, retryable: false })
  })

  test('with a message of any length is quoted shortly', async () => {
    const { message } = await failure({ status: 500, body: { error: 'x'.repeat(5_000) } })
    expect(message.length).toBeLessThan(600)
  })

  test('because the conversation is too long says so, and is not asked again', async () => {
    const error = { message: 'too long', code: 'context_length_exceeded' }
    expect(await failure({ status: 400, body: { error } })).toMatchObject({
      code: 'context_too_long',
      retryable: false,
      status: 400,
    })
  })
})

describe('an answer that breaks', () => {
  test.each<[string, ScriptedReply, RegExp]>([
    ['without a finish reason', { text: 'half of', fault: 'cut' }, /cut off/],
    ['by a reset socket', { text: 'half of', fault: 'reset' }, /connection broke/],
    ['by a reset before the first byte', { fault: 'reset' }, /cannot be reached/],
    ['as a web page', { fault: 'garbage' }, /web page/],
    ['as broken JSON', { text: 'half', fault: 'bad_json' }, /not be understood/],
    ['with no choice', { fault: 'empty_choices' }, /cut off/],
    ['empty', {}, /empty answer/],
    ['blank', { text: [' \n'] }, /empty answer/],
    ['with thoughts only', { reasoning: 'hm' }, /empty answer/],
    ['with calls announced and none made', { finish: 'tool_calls' }, /empty answer/],
    ['with finish reason error', { text: 'half', finish: 'error' }, /failed within/],
  ])('%s is no answer and may be asked for again', async (_, reply, message) => {
    const error = await failure(reply)
    expect(error).toMatchObject({ retryable: true, code: 'provider_failed' })
    expect(error.message).toMatch(message)
  })

  test('by an error frame tells what the vendor said', async () => {
    const body = { error: { message: 'overloaded', code: 529 } }
    expect(await failure({ text: 'half', fault: 'error_frame', body })).toMatchObject({
      message: 'the provider answered 529: overloaded',
      status: 529,
      retryable: true,
    })
    expect(await failure({ fault: 'error_frame' })).toMatchObject({ retryable: true })
    const wrong = { error: { message: 'bad field', type: 'invalid_request_error' } }
    expect(await failure({ fault: 'error_frame', body: wrong })).toMatchObject({ retryable: false })
  })

  test('because nobody listens may be asked for again', async () => {
    const gone = await startScriptedModel()
    await gone.close()
    const models = modelsAt(gone.url)
    const { signal } = new AbortController()
    await expect(models.ask(requestOf(), { signal, onDelta: () => {} })).rejects.toMatchObject({
      name: 'ModelError',
      retryable: true,
      message: 'the provider cannot be reached (ECONNREFUSED)',
    })
  })
})

describe('an answer too large', () => {
  test('is refused, and its connection closed', async () => {
    const error = await failure({ huge: 20 * limits.modelOutput })
    expect(error).toMatchObject({ code: 'output_too_large', retryable: false })
    await serverSawTheClose()
  })

  test('counts reasoning and arguments', async () => {
    const half = 'x'.repeat(limits.modelOutput / 2 - 100)
    const error = await failure({
      reasoning: [half],
      calls: [{ name: 'f', arguments: JSON.stringify({ a: half, b: 'y'.repeat(1_000) }) }],
    })
    expect(error).toMatchObject({ code: 'output_too_large' })
  })

  test('in a single event is refused before it is all here', async () => {
    let sent = 0
    const flood = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('data: {"choices":[{"delta":{"content":"')
      const piece = Buffer.alloc(1024 * 1024, 'x')
      const pump = () => {
        if (response.destroyed) return
        sent += piece.length
        if (response.write(piece)) setImmediate(pump)
        else response.once('drain', pump)
      }
      pump()
    }).listen(0, '127.0.0.1')
    await once(flood, 'listening')
    const { port } = flood.address() as AddressInfo
    const models = modelsAt(`http://127.0.0.1:${port}/v1`)
    const { signal } = new AbortController()
    await expect(models.ask(requestOf(), { signal, onDelta: () => {} })).rejects.toMatchObject({
      code: 'output_too_large',
    })
    expect(sent).toBeLessThan(32 * 1024 * 1024)
    flood.closeAllConnections()
    flood.close()
  })
})

describe('a model that is silent', () => {
  test('from the start is given up after the first timeout', async () => {
    const error = await failure({ fault: 'hang' }, { timeouts: { firstByte: 60 } })
    expect(error).toMatchObject({ retryable: true, code: 'provider_failed' })
    expect(error.message).toBe('the model did not begin to answer within 0.06 s')
    await serverSawTheClose()
  })

  test('after its headers is given up after the first timeout', async () => {
    const error = await failure({ fault: 'stall' }, { timeouts: { firstByte: 60 } })
    expect(error.message).toMatch(/did not begin to answer/)
  })

  test('within its answer is given up after the second', async () => {
    const error = await failure(
      { text: ['one', 'two'], fault: 'stall' },
      { timeouts: { betweenChunks: 60 } },
    )
    expect(error).toMatchObject({
      retryable: true,
      message: 'the model fell silent within its answer for 0.06 s',
    })
    await serverSawTheClose()
  })

  test('for less than the timeout each time is heard to the end', async () => {
    const text = Array.from({ length: 8 }, (_, index) => `${index} `)
    const { answer } = await ask(
      { text, chunkDelay: 40 },
      { timeouts: { firstByte: 200, betweenChunks: 200 } },
    )
    expect(answer.parts).toEqual([{ kind: 'text', text: '0 1 2 3 4 5 6 7 ' }])
  })

  test.each<[string, object, Partial<Timeouts>]>([
    ['the limit for a call', {}, { call: 100 }],
    ["the agent's own limit", { timeout: { call_timeout: 100 } }, { call: 60_000 }],
  ])('never but takes longer than %s is given up', async (_, parameters, timeouts) => {
    const text = Array.from({ length: 50 }, () => 'word ')
    const request = requestOf({ model: { id: 'local/m', parameters: { ...parameters } } })
    const error = await failure({ text, chunkDelay: 20 }, { timeouts, request })
    expect(error).toMatchObject({
      retryable: true,
      message: 'the model did not finish within 0.1 s',
    })
  })

  test('may be given more time than a timer can count', async () => {
    const parameters = { timeout: { call_timeout: 2 ** 40 } }
    const { answer } = await ask(
      { text: ['a', 'b'], chunkDelay: 20 },
      { request: requestOf({ model: { id: 'local/m', parameters } }) },
    )
    expect(answer.reason).toBe('stop')
  })
})

describe('an abort', () => {
  test.each<[string, ScriptedReply]>([
    ['before the headers', { fault: 'hang' }],
    ['within the answer', { text: ['one', 'two'], fault: 'stall' }],
  ])('%s rejects with its reason and closes the connection', async (_, reply) => {
    const controller = new AbortController()
    const reason = new Error('cancelled by somebody')
    setTimeout(() => controller.abort(reason), 60)
    await expect(ask(reply, { signal: controller.signal })).rejects.toBe(reason)
    await serverSawTheClose()
  })

  test('before the call asks nobody', async () => {
    const before = server.requests.length
    const signal = AbortSignal.abort(new Error('too late'))
    await expect(
      modelsAt(server.url).ask(requestOf(), { signal, onDelta: () => {} }),
    ).rejects.toThrow('too late')
    expect(server.requests).toHaveLength(before)
  })

  test('is the end of the deltas', async () => {
    const controller = new AbortController()
    const deltas: string[] = []
    server.reply({ text: Array.from({ length: 20 }, () => 'word '), chunkDelay: 10 })
    const asked = modelsAt(server.url).ask(requestOf(), {
      signal: controller.signal,
      onDelta: ({ text }) => {
        deltas.push(text)
        if (deltas.length === 3) controller.abort(new Error('enough'))
      },
    })
    await expect(asked).rejects.toThrow('enough')
    await new Promise((resolve) => {
      setTimeout(resolve, 100)
    })
    expect(deltas).toHaveLength(3)
  })
})

async function serverSawTheClose(): Promise<void> {
  await vi.waitFor(() => {
    expect(server.requests.at(-1)).toMatchObject({ status: 'closed', closedEarly: true })
  })
}
