import { setTimeout as sleep } from 'node:timers/promises'
import type { ModelRequest } from '@longhaul/core'
import { expect, test } from 'vitest'
import { createModels } from './models.ts'
import type { Provider } from './provider.ts'

const echo: Provider = {
  async *stream(model) {
    yield { type: 'text', text: model }
    yield { type: 'end', reason: 'stop' }
  },
}

function requestTo(id: string): ModelRequest {
  return { model: { id }, system: '', messages: [], tools: [], idempotencyKey: 'k' }
}

async function ask(provider: Provider, id = 'local/a/b', signal = new AbortController().signal) {
  const models = createModels({ providers: new Map([['local', provider]]) })
  return await models.ask(requestTo(id), { signal, onDelta: () => {} })
}

test('the provider is the part before the first slash', async () => {
  expect((await ask(echo, 'local/meta-llama/Llama-3-8b')).parts[0]?.text).toBe(
    'meta-llama/Llama-3-8b',
  )
})

test.each([
  ['gpt-4o', /provider\/model/],
  ['/x', /provider\/model/],
  ['', /provider\/model/],
])('the model id "%s" is refused with an error that says what to do', async (id, message) => {
  await expect(ask(echo, id)).rejects.toMatchObject({
    name: 'ModelError',
    retryable: false,
    message: expect.stringMatching(message),
  })
})

test.each([
  ['openai/gpt-4o', 'OPENAI_API_KEY or OPENAI_BASE_URL'],
  ['google/gemini-3', 'GOOGLE_API_KEY or GOOGLE_BASE_URL'],
  ['acme/x', 'LONGHAUL_PROVIDERS'],
])(
  'only the log shows the configuration when the provider of %s is missing',
  async (id, variables) => {
    const error: unknown = await ask(echo, id).catch((thrown: unknown) => thrown)
    const { message, cause } = error as Error
    expect(message).toMatch(/^there is no provider "\w+" here: .+/)
    expect(message).not.toMatch(/local|[A-Z]{4}|configured/)
    expect(String(cause)).toMatch(new RegExp(`there are: local.* set ${variables}$`))
  },
)

test('an answer without an end event counts as cut', async () => {
  const silent: Provider = {
    async *stream() {
      yield { type: 'text', text: 'half' }
    },
  }
  await expect(ask(silent)).rejects.toMatchObject({ retryable: true })
})

test('an unknown error is an internal error, and is not retried', async () => {
  const broken: Provider = {
    stream() {
      throw new TypeError('x is not a function')
    },
  }
  await expect(ask(broken)).rejects.toMatchObject({ code: 'internal', retryable: false })
})

test('an abort does not wait for a provider that ignores the signal', async () => {
  const unresponsive: Provider = {
    async *stream() {
      await new Promise(() => {})
      yield { type: 'end', reason: 'stop' }
    },
  }
  const controller = new AbortController()
  const reason = new Error('cancelled')
  setTimeout(() => controller.abort(reason), 20)
  await expect(ask(unresponsive, 'local/a', controller.signal)).rejects.toBe(reason)
})

test('events of a provider that continues after an abort are ignored', async () => {
  const controller = new AbortController()
  const texts: string[] = []
  let stopped = false
  const talker: Provider = {
    async *stream() {
      try {
        for (;;) {
          await sleep(5)
          yield { type: 'text', text: 'word' }
        }
      } finally {
        stopped = true
      }
    },
  }
  const models = createModels({ providers: new Map([['local', talker]]) })
  const failed = models.ask(requestTo('local/m'), {
    signal: controller.signal,
    onDelta: ({ text }) => texts.push(text),
  })
  await sleep(30)
  controller.abort(new Error('enough'))
  const count = texts.length
  await expect(failed).rejects.toThrow('enough')
  await sleep(30)
  expect(texts).toHaveLength(count)
  expect(stopped).toBe(true)
})

test('each change of the kind begins a new part', async () => {
  const thinker: Provider = {
    async *stream() {
      yield { type: 'reasoning', text: 'a' }
      yield { type: 'text', text: 'b' }
      yield { type: 'text', text: '' }
      yield { type: 'text', text: 'c' }
      yield { type: 'reasoning', text: 'd' }
      yield { type: 'end', reason: 'stop' }
    },
  }
  expect((await ask(thinker)).parts).toEqual([
    { kind: 'reasoning', text: 'a' },
    { kind: 'text', text: 'bc' },
    { kind: 'reasoning', text: 'd' },
  ])
})

test('a new block begins a new part, and the vendor’s data stays with its part', async () => {
  const signer: Provider = {
    async *stream() {
      yield { type: 'reasoning', block: '0', text: '', vendor: { v: { sealed: 'x' } } }
      yield { type: 'reasoning', block: '1', text: 'a' }
      yield { type: 'reasoning', block: '1', text: 'b' }
      yield { type: 'reasoning', block: '1', text: '', vendor: { v: { signature: 's' } } }
      yield { type: 'reasoning', block: '1', text: '' }
      yield { type: 'text', block: '2', text: '' }
      yield { type: 'text', block: '3', text: 'c' }
      yield { type: 'end', reason: 'stop' }
    },
  }
  expect((await ask(signer)).parts).toEqual([
    { kind: 'reasoning', text: '', vendor: { v: { sealed: 'x' } } },
    { kind: 'reasoning', text: 'ab', vendor: { v: { signature: 's' } } },
    { kind: 'text', text: 'c' },
  ])
})

test('the data of a vendor counts as output', async () => {
  const hoarder: Provider = {
    async *stream() {
      for (;;) yield { type: 'reasoning', text: '', vendor: { v: { blob: 'x'.repeat(100_000) } } }
    },
  }
  await expect(ask(hoarder)).rejects.toMatchObject({ code: 'output_too_large' })
})

test('a vendor that sends pings is not silent', async () => {
  const slow: Provider = {
    async *stream() {
      for (let beat = 0; beat < 8; beat += 1) {
        await sleep(40)
        yield { type: 'ping' }
      }
      yield { type: 'text', text: 'at last' }
      yield { type: 'end', reason: 'stop' }
    },
  }
  const models = createModels({
    providers: new Map([['local', slow]]),
    timeouts: { firstByte: 200, betweenChunks: 200 },
  })
  const { signal } = new AbortController()
  const reply = await models.ask(requestTo('local/m'), { signal, onDelta: () => {} })
  expect(reply.parts).toEqual([{ kind: 'text', text: 'at last' }])
})
