import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { ModelError, type ModelDelta } from '@longhaul/core'
import { volume } from '@longhaul/testbed'
import * as fc from 'fast-check'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setImmediate as nextRound } from 'node:timers/promises'
import { text } from 'node:stream/consumers'
import { expect, test as base } from 'vitest'
import { libraryProvider } from '../library-provider.ts'
import { boundedFetch } from '../reply/bounded-fetch.ts'
import { gatherReply } from '../reply/gather-reply.ts'
import { createChunkReader } from '../reply/read-chunk.ts'
import type { StreamingModel } from '../vendor.ts'
import { dateTool, historyOf } from '../vendor.fixture.ts'
import { chatModel } from './chat-model.ts'

type Reply = { status: number; pieces: Buffer[] }

/** A server that answers every request with the same bytes, in the same pieces, and records what it received. */
const test = base.extend('server', { scope: 'file' }, async ({}, { onCleanup }) => {
  let reply: Reply = { status: 200, pieces: [] }
  const requests: { path: string; headers: object; body: unknown }[] = []
  const server = createServer((request, response) => {
    void (async () => {
      const { date: _, connection: __, ...headers } = request.headers
      const path = request.url ?? ''
      requests.push({ path, headers, body: JSON.parse(await text(request)) })
      response.writeHead(reply.status, { 'content-type': 'text/event-stream', 'x-limit': '7' })
      for (const piece of reply.pieces) {
        response.write(piece)
        await nextRound()
      }
      response.end()
    })()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onCleanup(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    set: (next: Reply) => void (reply = next),
  }
})

const key = 'longhaultest'
const apiKey = 'our-secret-0123456789'

/** The same model, read by the library and by us. */
function bothModels(baseUrl: string): StreamingModel[] {
  const settings = { name: key, baseURL: baseUrl, apiKey, includeUsage: true, fetch: boundedFetch }
  const library = createOpenAICompatible(settings).chatModel('m')
  return [library, chatModel('m', { baseUrl, apiKey, key })]
}

/** What becomes of an answer: the reply with its deltas, or the error. */
async function outcomeOf(model: StreamingModel): Promise<object> {
  const provider = libraryProvider({
    key,
    apiKey,
    languageModel: () => model,
    toOptions: () => ({ providerOptions: { [key]: { temperature: 0.5 } } }),
    figures: {
      total: ['total_tokens'],
      cached: ['prompt_tokens_details', 'cached_tokens'],
      reasoning: ['completion_tokens_details', 'reasoning_tokens'],
    },
    chunkReader: createChunkReader,
  })
  const { signal } = new AbortController()
  const request = {
    model: { id: 'x/m' },
    system: 'Be brief.',
    messages: historyOf(),
    tools: [dateTool],
    idempotencyKey: 'resp_1.1',
  }
  const deltas: ModelDelta[] = []
  try {
    const events = provider.stream('m', request, signal)
    const watch = { signal, received: () => {} }
    const onDelta = (delta: ModelDelta) => void deltas.push(delta)
    const reply = await gatherReply(events, { watch, onDelta })
    return { deltas, reply: { ...reply, calls: reply.calls.map(withoutRandomId) } }
  } catch (error) {
    if (!(error instanceof ModelError)) throw error
    const { message, code, status, retryable, unusable, unsent, reports } = error
    return { deltas, error: { message, code, status, retryable, unusable, unsent, reports } }
  }
}

/** The library makes up an id for a call without one. */
function withoutRandomId<Call extends { callId: string }>(call: Call): Call {
  return call.callId.startsWith('call_') ? call : { ...call, callId: 'random' }
}

test('an answer becomes what the library makes of it, whatever its chunks are and wherever they are cut', async ({
  server,
}) => {
  const models = bothModels(server.baseUrl)
  await fc.assert(
    fc.asyncProperty(frames, fc.array(fc.nat(400)), async (sent, cuts) => {
      server.set({ status: 200, pieces: cut(Buffer.from(sent.join('')), cuts) })
      const [library, own] = await Promise.all(models.map(outcomeOf))
      expect(own).toEqual(library)
    }),
    { numRuns: volume({ short: 150, long: 5_000 }) },
  )
})

test.for([200, 204, 302, 400, 429, 500])(
  'an answer with the status %i becomes what the library makes of it, and so does the request',
  async (status, { server }) => {
    const error = { message: 'Not now', code: 'context_length_exceeded' }
    const body = Buffer.from(JSON.stringify({ error }))
    server.set({ status, pieces: status === 204 ? [] : [body] })
    const [library, own] = await Promise.all(bothModels(server.baseUrl).map(outcomeOf))
    expect(own).toEqual(library)
    const [one, other] = server.requests.slice(-2).map(({ headers, ...rest }) => ({
      ...rest,
      headers: { ...headers, 'user-agent': '' },
    }))
    expect(one).toEqual(other)
  },
)

function cut(bytes: Buffer, lengths: number[]): Buffer[] {
  const pieces: Buffer[] = []
  let at = 0
  for (const length of lengths) {
    pieces.push(bytes.subarray(at, at + length))
    at += length
  }
  return [...pieces, bytes.subarray(at)].filter(({ length }) => length > 0)
}

const words = fc.constantFrom('', ' ', 'Grüße', '😀', 'a\nb', 'data: x')
const odd = fc.constantFrom<unknown>(null, 7, 'x', [], {}, [null], [{}])
const absent = fc.constant(undefined)

function maybe<T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: 3, arbitrary: absent }, of)
}

/** Mostly of the right type. */
function mostly(of: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 40, arbitrary: of }, odd)
}

const content = fc.oneof(
  words,
  fc.array(
    fc.oneof(
      fc.record({ type: fc.constant('text'), text: mostly(words) }),
      fc.record({
        type: fc.constant('thinking'),
        thinking: mostly(fc.array(fc.record({ type: fc.constant('text'), text: words }))),
      }),
    ),
    { maxLength: 3 },
  ),
)

const call = fc.record({
  index: mostly(maybe(fc.nat(2))),
  id: mostly(maybe(fc.constantFrom('call_a', 'call_b', ' '))),
  function: mostly(
    fc.record({
      name: mostly(maybe(fc.constantFrom('f', 'g', ' '))),
      arguments: mostly(maybe(fc.constantFrom('', '{"a":', '1}', '{}', ' '))),
    }),
  ),
  extra_content: mostly(
    maybe(fc.constantFrom(null, { google: null }, { google: { thought_signature: 'sig' } })),
  ),
})

const delta = fc.record({
  role: mostly(maybe(fc.constantFrom('assistant', ''))),
  content: mostly(maybe(content)),
  refusal: mostly(maybe(words)),
  reasoning_content: mostly(maybe(words)),
  reasoning: mostly(maybe(words)),
  reasoning_details: maybe(
    fc.constant([{ type: 'reasoning.text', index: 0, text: 'hm', signature: 's' }]),
  ),
  tool_calls: mostly(maybe(fc.array(call, { maxLength: 3 }))),
})

const usage = fc.record({
  prompt_tokens: mostly(fc.nat(9)),
  completion_tokens: mostly(fc.nat(9)),
  total_tokens: mostly(fc.nat(99)),
  completion_tokens_details: maybe(fc.constant({ reasoning_tokens: 3 })),
})

const chunk = fc.record({
  id: mostly(fc.constant('c')),
  choices: mostly(
    fc.array(
      fc.record({
        delta: mostly(delta),
        finish_reason: mostly(
          maybe(fc.constantFrom('stop', 'length', 'tool_calls', 'content_filter', 'eos', 'error')),
        ),
      }),
      { maxLength: 2 },
    ),
  ),
  usage: mostly(maybe(usage)),
})

const errors = fc.constantFrom<object>(
  { error: { message: 'it broke' } },
  { error: { message: 'overloaded', code: 529, type: 't' } },
  { error: 'bare' },
  { choices: [], error: { message: 'with choices', code: '429' } },
  { choices: [], error: null },
)

/** The frames of an answer, as they are written. */
const frames = fc
  .tuple(
    fc.array(
      fc.oneof(
        { weight: 20, arbitrary: chunk.map((value) => JSON.stringify(value)) },
        { weight: 1, arbitrary: errors.map((value) => JSON.stringify(value)) },
        {
          weight: 1,
          arbitrary: fc.constantFrom('[DONE]', '{"broken', 'null', '', '{"a":\ndata: 1}'),
        },
      ),
      { maxLength: 8 },
    ),
    fc.constantFrom('\n', '\r\n', '\r'),
    fc.constantFrom('data: ', 'data:', ': ping\n\ndata: ', 'event: x\ndata: ', 'other\ndata: '),
    fc.constantFrom('data: {"choices":[{"finish_reason":"stop"}]}\n\n', '', 'data: {"cut'),
  )
  .map(([all, line, before, last]) => [
    ...all.map((data) => before + data.replaceAll('\n', line) + line + line),
    last,
  ])
