import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { limits, type Message, parseArguments, parseExact } from '@longhaul/core'
import { startScriptedModel, startScriptedServer } from '@longhaul/testbed'
import type { ScriptedReply } from '@longhaul/testbed'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { apiKey, historyOf, useVendor, vendors } from './vendor.fixture.ts'
import type { VendorName } from './vendor.fixture.ts'
import type { Timeouts } from './watch-call.ts'

describe.each(Object.keys(vendors) as VendorName[])('%s', (name) => {
  const vendor = useVendor(name)
  const { ask, failure, modelsAt, requestOf } = vendor

  describe('an answer', () => {
    test('arrives as deltas and as whole parts', async () => {
      const { answer, deltas } = await ask({
        reasoning: ['Let me', ' see'],
        text: ['Good', ' day'],
      })
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

    test('has the usage that the vendor sent', async () => {
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

    test('has no usage details that the vendor did not send', async () => {
      const { answer } = await ask({ text: 'hi', usage: { input: 1, output: 2 } })
      expect(answer.usage).toEqual({ inputTokens: 1, outputTokens: 2, totalTokens: 3 })
    })

    test('has calls whose arguments arrived in fragments', async () => {
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

    test('has every digit of an integer in its calls, and the next request sends them back', async () => {
      const large = '9007199254740993'
      const exact = parseExact(
        `{"id":${large},"text":"\\"${large}: ${large}","of":[-${large},1.5]}`,
      )
      const { answer } = await ask({
        text: `no. ${large}`,
        calls: [{ name: 'f', arguments: exact }],
      })
      expect(answer.parts).toMatchObject([{ text: `no. ${large}` }])
      expect(answer.calls).toMatchObject([{ arguments: JSON.stringify(exact) }])
      const args = parseArguments(answer.calls[0]?.arguments ?? '') ?? {}
      const server = await startScriptedServer()
      onTestFinished(() => server.close())
      server.reply(() => ({ status: 400 }))
      const request = requestOf({
        request: {
          messages: [
            { role: 'user', parts: [{ kind: 'text', text: 'go' }] },
            {
              role: 'assistant',
              parts: [],
              calls: [{ callId: 'c1', name: 'f', arguments: args }],
            },
            { role: 'tool', results: [{ callId: 'c1', name: 'f', text: 'x', failed: false }] },
          ],
        },
      })
      const urls = { url: `${server.url}/v1`, googleUrl: `${server.url}/v1beta` }
      const options = { signal: new AbortController().signal, onDelta: () => {} }
      await expect(modelsAt(urls).ask(request, options)).rejects.toMatchObject({ status: 400 })
      expect(server.requests[0]?.body.replaceAll('\\', '')).toContain(`"id":${large}`)
    })

    test('with calls has the reason tool_calls, also when the vendor sends another reason', async () => {
      const { answer } = await ask({ calls: [{ name: 'f' }], finish: 'stop' })
      expect(answer.reason).toBe('tool_calls')
    })

    test('has no call whose arguments the model could not begin before its output limit', async () => {
      const { answer } = await ask({ calls: [{ name: 'f', arguments: '' }], finish: 'length' })
      expect(answer).toMatchObject({ calls: [], reason: 'length' })
    })

    test.each([
      ['stop', 'stop'],
      ['length', 'length'],
      ['content_filter', 'content_filter'],
    ])('that ends with %s has the reason %s', async (finish, reason) => {
      expect((await ask({ text: 'hi', finish })).answer.reason).toBe(reason)
    })

    test('may be without text when the vendor stopped it', async () => {
      expect((await ask({ finish: 'content_filter' })).answer.reason).toBe('content_filter')
      expect((await ask({ reasoning: 'hm', finish: 'length' })).answer.reason).toBe('length')
    })
  })

  describe('a request', () => {
    test('is sent with the key of the step and of the provider', async () => {
      const { sent } = await ask({ text: 'hi' })
      expect(sent.idempotencyKey).toBe('resp_1.1')
      const { authorization, 'x-api-key': anthropicKey, 'x-goog-api-key': googleKey } = sent.headers
      expect(authorization ?? anthropicKey ?? googleKey).toMatch(
        new RegExp(`^(Bearer )?${apiKey}$`),
      )
    })

    test('sends the data of one vendor to no other vendor', async () => {
      const vendorData = { elsewhere: { signature: 'foreign' } }
      const { sent } = await ask(
        { text: 'hi' },
        {
          request: {
            messages: [
              { role: 'user', parts: [{ kind: 'text', text: 'the date?' }] },
              {
                role: 'assistant',
                parts: [
                  { kind: 'reasoning', text: 'unsigned thought' },
                  { kind: 'reasoning', text: 'foreign thought', vendor: vendorData },
                  { kind: 'text', text: '', vendor: vendorData },
                ],
                calls: [{ callId: 'c1', name: 'f', arguments: {}, vendor: vendorData }],
              },
              { role: 'tool', results: [{ callId: 'c1', name: 'f', text: 'x', failed: false }] },
              // Nothing is left of it for another vendor, and an empty message is refused.
              {
                role: 'assistant',
                parts: [{ kind: 'reasoning', text: 'foreign thought', vendor: vendorData }],
                calls: [],
              },
              { role: 'user', parts: [{ kind: 'text', text: 'thanks' }] },
            ],
          },
        },
      )
      const body = JSON.stringify(sent.body)
      expect(body).toContain('c1')
      expect(body).not.toMatch(
        /thought"|foreign|elsewhere|"content":\[\]|"parts":\[\]|"content":""/,
      )
    })

    test('with a history that uses a call id twice has different ids', async () => {
      const messages = [...historyOf().slice(0, 1), ...stepWith('c1'), ...stepWith('c1')]
      const { sent } = await ask({ text: 'hi' }, { request: { messages } })
      const ids = JSON.stringify(sent.body).match(/c1(_2)?(?=")/g)
      expect(ids).toEqual(['c1', 'c1', 'c1_2', 'c1_2'])
    })

    test.each([
      ['audio/ogg', /the provider (does not take this: .*ogg|answered 400)/],
      ['nonsense', /the provider (does not take this: .*nonsense|answered 400)/],
      ['', /^the file a.bin has no MIME type$/],
    ])('with a file of type "%s" is refused and not retried', async (mimeType, message) => {
      vendor.server.reply(() => ({ status: 400, body: { error: { message: 'not this type' } } }))
      const parts = [{ kind: 'file' as const, mimeType, name: 'a.bin', data: 'AAAA' }]
      const request = requestOf({ request: { messages: [{ role: 'user', parts }] } })
      const { signal } = new AbortController()
      const error: unknown = await modelsAt(vendor.server)
        .ask(request, { signal, onDelta: () => {} })
        .catch((reason: unknown) => reason)
      expect(error).toMatchObject({
        retryable: false,
        unsent: !String(error).includes('answered'),
        message: expect.stringMatching(message),
      })
    })
  })

  describe('a vendor that refuses', () => {
    test.each([
      [400, false],
      [401, false],
      [402, false],
      [403, false],
      [404, false],
      [422, false],
      [408, true],
      [409, true],
      [425, true],
      [429, true],
      [500, true],
      [501, false],
      [503, true],
      [529, true],
    ])('with %i may be retried: %s', async (status, retryable) => {
      const before = vendor.server.requests.length
      const error = await failure({ status, body: { error: { message: 'Not now' } } })
      expect(error).toMatchObject({ status, retryable, code: 'provider_failed' })
      expect(error.message).toBe(`the provider answered ${status}: Not now`)
      expect(vendor.server.requests.length - before, 'requests: the library does not retry').toBe(1)
    })

    test.each([
      [{ 'retry-after': '7' }, 7_000],
      [{ 'retry-after-ms': '250', 'retry-after': '1' }, 250],
      [
        {
          date: 'Sun, 06 Nov 1994 08:49:37 GMT',
          'retry-after': 'Sun, 06 Nov 1994 08:50:37 GMT',
        },
        60_000,
      ],
      [{ 'retry-after': '9'.repeat(400) }, limits.model.retryAfter],
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

    test.each(['insufficient_quota', 'billing_not_active', 'billing_hard_limit_reached'])(
      'for lack of credit (%s) is not retried, with any status',
      async (code) => {
        const body = { error: { message: 'Check your plan', type: code, code } }
        expect(await failure({ status: 429, body })).toMatchObject({
          status: 429,
          retryable: false,
        })
      },
    )

    test('and quotes the key does not make the error repeat it', async () => {
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
    ])('in another format, %j, is recognized', async (body, message) => {
      const error = await failure({ status: 502, body })
      expect(error.message).toBe(`the provider answered 502${message}`)
    })

    test('by a redirect is not followed', async () => {
      const headers = { location: `${vendor.server.url}/models` }
      expect(await failure({ status: 302, headers })).toMatchObject({
        status: 302,
        retryable: false,
      })
    })

    test('with a long message is quoted in part', async () => {
      const { message } = await failure({ status: 500, body: { error: 'x'.repeat(5_000) } })
      expect(message.length).toBeLessThan(600)
    })

    test('because the conversation is too long has an error that says so, and is not retried', async () => {
      const error = { message: 'too long', code: 'context_length_exceeded' }
      expect(await failure({ status: 400, body: { error } })).toMatchObject({
        code: 'context_too_long',
        retryable: false,
        status: 400,
      })
    })
  })

  describe('an answer that breaks', () => {
    const outage = false
    const unusable = true
    test.each<[string, ScriptedReply, RegExp, boolean]>([
      ['without a finish reason', { text: 'half of', fault: 'cut' }, /cut off/, outage],
      ['by a reset socket', { text: 'half of', fault: 'reset' }, /connection broke/, outage],
      ['by a reset before the first byte', { fault: 'reset' }, /cannot be reached/, outage],
      ['as a web page', { fault: 'garbage' }, /web page/, unusable],
      ['as broken JSON', { text: 'half', fault: 'bad_json' }, /not be understood/, unusable],
      ['with no choice', { fault: 'empty_choices' }, /cut off/, outage],
      ['empty', {}, /empty answer/, unusable],
      ['blank', { text: [' \n'] }, /empty answer/, unusable],
      ['with thoughts only', { reasoning: 'hm' }, /empty answer/, unusable],
      ['that only announces calls', { finish: 'tool_calls' }, /empty answer/, unusable],
    ])('%s is an error and may be retried', async (_, reply, message, known) => {
      const error = await failure(reply)
      expect(error).toMatchObject({ retryable: true, code: 'provider_failed', unusable: known })
      expect(error.unsent).toBe(false)
      expect(error.message).toMatch(message)
    })

    test('by an error frame may be retried', async () => {
      for (const text of [[], ['half']]) {
        expect(await failure({ text, fault: 'error_frame' })).toMatchObject({
          retryable: true,
          message: expect.stringContaining('it broke'),
        })
      }
    })

    test('because the connection is refused may be retried', async () => {
      const gone = await startScriptedModel()
      await gone.close()
      const models = modelsAt(gone)
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

    test('counts calls, also those without arguments', async () => {
      const call = { name: 'f'.repeat(64 * 1024), arguments: '' }
      const calls = Array.from({ length: 100 }, () => call)
      expect(await failure({ calls })).toMatchObject({ code: 'output_too_large' })
    })

    test('in a single event is refused before it has arrived completely', async () => {
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
      const models = modelsAt({
        url: `http://127.0.0.1:${port}/v1`,
        googleUrl: `http://127.0.0.1:${port}/v1beta`,
      })
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
    test('from the start is aborted after the first timeout', async () => {
      const error = await failure({ fault: 'hang' }, { timeouts: { firstByte: 60 } })
      expect(error).toMatchObject({ retryable: true, unusable: false, code: 'provider_failed' })
      expect(error.message).toBe('the model did not begin to answer within 0.06 s')
      await serverSawTheClose()
    })

    test('after its headers is aborted', async () => {
      const timeouts = { firstByte: 60, betweenChunks: 60 }
      const error = await failure({ fault: 'stall' }, { timeouts })
      // A vendor may send pings before its answer begins.
      expect(error.message).toMatch(/did not begin to answer|fell silent/)
    })

    test('within its answer is aborted after the second timeout', async () => {
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

    test('for less than the timeout each time is read to the end', async () => {
      const text = Array.from({ length: 8 }, (_, index) => `${index} `)
      const { answer } = await ask(
        { text, chunkDelay: 40 },
        { timeouts: { firstByte: 200, betweenChunks: 200 } },
      )
      expect(answer.parts).toEqual([{ kind: 'text', text: '0 1 2 3 4 5 6 7 ' }])
    })

    test.each<[string, object, Partial<Timeouts>, number?]>([
      ['the limit for a call', {}, { call: 100 }],
      ["the agent's own limit", { timeout: { call_timeout: 100 } }, { call: 60_000 }],
      ['the rest of the turn', { timeout: { call_timeout: 60_000 } }, {}, 100],
    ])('never but takes longer than %s is aborted', async (_, parameters, timeouts, withinMs) => {
      const text = Array.from({ length: 50 }, () => 'word ')
      const request = withinMs === undefined ? {} : { withinMs }
      const asking = { timeouts, request, parameters: { ...parameters } }
      const error = await failure({ text, chunkDelay: 20 }, asking)
      expect(error).toMatchObject({
        retryable: true,
        unusable: true,
        message: 'the model did not finish within 0.1 s',
      })
    })

    test('may have a longer timeout than a timer can count', async () => {
      const parameters = { timeout: { call_timeout: 2 ** 40 } }
      const { answer } = await ask({ text: ['a', 'b'], chunkDelay: 20 }, { parameters })
      expect(answer.reason).toBe('stop')
    })
  })

  describe('an abort', () => {
    test.each<[string, ScriptedReply]>([
      ['before the headers', { fault: 'hang' }],
      ['within the answer', { text: ['one', 'two'], fault: 'stall' }],
    ])('%s rejects with its reason and closes the connection', async (_, reply) => {
      const controller = new AbortController()
      const reason = new Error('cancelled by the caller')
      setTimeout(() => controller.abort(reason), 60)
      await expect(ask(reply, { signal: controller.signal })).rejects.toBe(reason)
      await serverSawTheClose()
    })

    test('before the call sends no request', async () => {
      const before = vendor.server.requests.length
      const signal = AbortSignal.abort(new Error('too late'))
      await expect(
        modelsAt(vendor.server).ask(requestOf(), { signal, onDelta: () => {} }),
      ).rejects.toThrow('too late')
      expect(vendor.server.requests).toHaveLength(before)
    })

    test('ends the deltas', async () => {
      const controller = new AbortController()
      const deltas: string[] = []
      vendor.server.reply({ text: Array.from({ length: 20 }, () => 'word '), chunkDelay: 10 })
      const failed = modelsAt(vendor.server).ask(requestOf(), {
        signal: controller.signal,
        onDelta: ({ text }) => {
          deltas.push(text)
          if (deltas.length === 3) controller.abort(new Error('enough'))
        },
      })
      await expect(failed).rejects.toThrow('enough')
      await new Promise((resolve) => {
        setTimeout(resolve, 100)
      })
      expect(deltas).toHaveLength(3)
    })
  })

  async function serverSawTheClose(): Promise<void> {
    await vi.waitFor(() => {
      expect(vendor.server.requests.at(-1)).toMatchObject({ status: 'closed', closedEarly: true })
    })
  }
})

/** A reply with one call, and its result. */
function stepWith(callId: string): Message[] {
  return [
    { role: 'assistant', parts: [], calls: [{ callId, name: 'f', arguments: {} }] },
    { role: 'tool', results: [{ callId, name: 'f', text: 'x', failed: false }] },
  ]
}
