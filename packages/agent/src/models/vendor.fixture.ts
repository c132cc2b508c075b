import { ModelError } from '@longhaul/core'
import type { Message, ModelDelta, ModelReply, ModelRequest, VendorData } from '@longhaul/core'
import { startScriptedModel } from '@longhaul/testbed'
import type { ScriptedModel, ScriptedReply } from '@longhaul/testbed'
import { afterAll, beforeAll, expect } from 'vitest'
import { anthropic } from './anthropic.ts'
import { google } from './google.ts'
import { createModels } from './models.ts'
import { openaiCompatible } from './openai-compatible.ts'
import type { Timeouts } from './watch-call.ts'

export const apiKey = 'our-secret-0123456789'

/** Each provider, as it calls the scripted vendor, and a model that its library knows. */
export const vendors = {
  openai: {
    model: 'meta-llama/Llama-3-8b',
    connect: ({ url }: Urls) => openaiCompatible({ baseUrl: url, apiKey }),
  },
  anthropic: {
    model: 'claude-sonnet-4-5',
    connect: ({ url }: Urls) => anthropic({ baseUrl: url, apiKey }),
  },
  google: {
    model: 'gemini-2.5-flash',
    connect: ({ googleUrl }: Urls) => google({ baseUrl: googleUrl, apiKey }),
  },
}

export type VendorName = keyof typeof vendors
type Urls = Pick<ScriptedModel, 'url' | 'googleUrl'>

type Asking = {
  /** Fields that differ from the usual request. */
  request?: Partial<ModelRequest>
  /** The agent's parameters. */
  parameters?: Record<string, unknown>
  signal?: AbortSignal
  timeouts?: Partial<Timeouts>
}

/** A scripted vendor for the tests of one file, and functions that call it. */
export function useVendor(name: VendorName) {
  const { model, connect } = vendors[name]
  let server: ScriptedModel
  beforeAll(async () => {
    server = await startScriptedModel()
  })
  afterAll(async () => await server.close())

  function modelsAt(urls: Urls, timeouts: Partial<Timeouts> = {}) {
    return createModels({ providers: new Map([['local', connect(urls)]]), timeouts })
  }

  function requestOf({ request = {}, parameters = {} }: Asking = {}): ModelRequest {
    return {
      model: { id: `local/${model}`, parameters },
      system: 'Be brief.',
      messages: [{ role: 'user', parts: [{ kind: 'text', text: 'hello' }] }],
      tools: [],
      idempotencyKey: 'resp_1.1',
      ...request,
    }
  }

  async function ask(reply: ScriptedReply, asking: Asking = {}) {
    server.reply(reply)
    const deltas: ModelDelta[] = []
    const answer: ModelReply = await modelsAt(server, asking.timeouts).ask(requestOf(asking), {
      signal: asking.signal ?? new AbortController().signal,
      onDelta: (delta) => deltas.push(delta),
    })
    const sent = server.requests.at(-1)
    if (sent === undefined) throw new Error('nobody was asked')
    return { answer, deltas, sent }
  }

  async function failure(reply: ScriptedReply, asking: Asking = {}): Promise<ModelError> {
    const error = await ask(reply, asking).then(
      () => undefined,
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(ModelError)
    return error as ModelError
  }

  return {
    ask,
    failure,
    modelsAt,
    requestOf,
    /** The server of the running tests. */
    get server() {
      return server
    },
  }
}

export const dateTool = {
  name: 'current_date',
  description: 'the date',
  parameters: { type: 'object', properties: {} },
}

/** Two steps of a turn with two calls, then a new turn; with the vendor's data in `signed`, if there is any. */
export function historyOf(signed: { reasoning?: VendorData; call?: VendorData } = {}): Message[] {
  return [
    { role: 'user', parts: [{ kind: 'text', text: 'the date?' }] },
    {
      role: 'assistant',
      parts: [
        {
          kind: 'reasoning',
          text: 'secret',
          ...(signed.reasoning && { vendor: signed.reasoning }),
        },
        { kind: 'text', text: 'I look.' },
      ],
      calls: [
        {
          callId: 'c1',
          name: 'current_date',
          arguments: { timezone: 'UTC' },
          ...(signed.call && { vendor: signed.call }),
        },
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
  ]
}

/** A user message with an image of each type, and a document. */
export const withFiles: Message[] = [
  {
    role: 'user',
    parts: [
      { kind: 'text', text: 'What is this?' },
      ...['png', 'jpeg', 'gif', 'webp'].map((type) => ({
        kind: 'file' as const,
        mimeType: `image/${type}`,
        data: 'AAAA',
      })),
      { kind: 'file', mimeType: 'application/pdf', name: 'report.pdf', data: 'JVBE' },
    ],
  },
]

/** A call whose result has an image and a document, and the calls that follow it. */
export const withResultFiles: Message[] = [
  { role: 'user', parts: [{ kind: 'text', text: 'look' }] },
  {
    role: 'assistant',
    parts: [],
    calls: [
      { callId: 'c1', name: 'shoot', arguments: {} },
      { callId: 'c2', name: 'other', arguments: {} },
    ],
  },
  {
    role: 'tool',
    results: [
      {
        callId: 'c1',
        name: 'shoot',
        text: 'see',
        failed: false,
        files: [
          { kind: 'file', mimeType: 'image/png', data: 'AAAA' },
          { kind: 'file', mimeType: 'application/pdf', name: 'report.pdf', data: 'JVBE' },
        ],
      },
      { callId: 'c2', name: 'other', text: 'fine', failed: false },
    ],
  },
]

/** An output format, as an agent's plan has it. */
export const cityFormat = {
  name: 'city',
  description: 'a city',
  schema: {
    type: 'object',
    properties: { name: { type: 'string' } },
    required: ['name'],
    additionalProperties: false,
  },
  strict: true,
}
