import {
  JsonText,
  limits,
  type HttpDefinition,
  type HttpHeader,
  type OnCrash,
  type PlanTool,
  type ReserveCapacity,
} from '@longhaul/core'
import { type ServedReply, startScriptedServer, test as base } from '@longhaul/testbed'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, onTestFinished } from 'vitest'
import { runTool } from './run-tool.ts'
import { callNobody, servicesFor } from './services.fixture.ts'

const test = base
  .extend('service', { scope: 'file' }, async ({}, { onCleanup }) => {
    const service = await startScriptedServer()
    onCleanup(() => service.close())
    return service
  })
  /** Runs a call of a tool that asks the service. */
  .extend('call', ({ service }) => {
    service.reply(() => ({ body: { ok: true } }))
    return async (more: Partial<HttpDefinition> = {}, options: Given = {}) => {
      service.requests.length = 0
      const http = { url: `${service.url}/x`, method: 'GET' as const, headers: {}, arguments: {} }
      const tool: PlanTool = {
        kind: 'http',
        id: 'tool_1',
        name: 'find',
        description: '',
        parameters: {},
        http: { ...http, ...more },
        timeoutSeconds: options.seconds ?? 5,
        onCrash: options.onCrash ?? 'retry',
      }
      return await runTool(options.input ?? {}, {
        tool,
        idempotencyKey: 'resp_1.c1',
        variables: options.variables ?? {},
        services: servicesFor({ allow: options.allow ?? ['127.0.0.1'], headers: options.stored }),
        callAgent: callNobody,
        signal: options.signal ?? new AbortController().signal,
        now: 0,
        ...(options.capacity && { capacity: options.capacity }),
      })
    }
  })

type Given = {
  input?: Record<string, unknown>
  variables?: Record<string, unknown>
  stored?: Record<string, HttpHeader>
  allow?: string[]
  seconds?: number
  onCrash?: OnCrash
  signal?: AbortSignal
  capacity?: ReserveCapacity
}

describe('a reply', () => {
  test.for([
    [{ body: { a: 1 } }, { a: 1 }],
    [{ body: 'plain words' }, 'plain words'],
    [{ body: '{"a":1}' }, { a: 1 }],
    [{ body: '', status: 204 }, ''],
    [
      {
        body: Buffer.from('{"city":"Zürich"}', 'latin1'),
        headers: { 'content-type': 'application/json; charset=ISO-8859-1' },
      },
      { city: 'Zürich' },
    ],
    [
      {
        body: Buffer.from('Zürich', 'utf16le'),
        headers: { 'content-type': 'Text/Plain;charset="utf-16le"' },
      },
      'Zürich',
    ],
    [
      { body: Buffer.from([1, 2, 3]), headers: { 'content-type': 'image/png' } },
      '(3 bytes of image/png)',
    ],
  ] as const)('%j is what the model reads', async ([reply, result], { call, service }) => {
    service.reply(() => reply)
    expect(await call()).toEqual({ ok: true, result })
  })

  test.for(['image/png', 'image/x-unknown', 'application/octet-stream'])(
    'of the type %s with an image is a file of the result',
    async (type, { call, service }) => {
      const body = Buffer.alloc(2 * limits.storedToolResult)
      body.write('\x89PNG\r\n\x1a\n', 'latin1')
      service.reply(() => ({ body, headers: { 'content-type': type } }))
      expect(await call()).toEqual({
        ok: true,
        result: `(${body.length} bytes of ${type})`,
        files: [{ mimeType: 'image/png', bytes: body.toString('base64') }],
      })
    },
  )

  test('with an image that is too large is a failure', async ({ call, service }) => {
    const body = Buffer.alloc(limits.file + 1)
    service.reply(() => ({ body, headers: { 'content-type': 'image/png' } }))
    expect(await call()).toMatchObject({
      ok: false,
      error: 'the reply is larger than 7340032 bytes',
    })
  })

  test('of another status is a failure, with the text of the reply', async ({ call, service }) => {
    service.reply(() => ({ status: 503, body: 'come back later' }))
    expect(await call()).toEqual({ ok: false, error: 'the server answered 503: come back later' })
  })

  test.for([
    [`[${'1,'.repeat(limits.jsonValues)}1]`, 'holds more than 100000 values'],
    [`${'['.repeat(200)}${']'.repeat(200)}`, 'is nested deeper than 100 levels'],
  ])('that would take long to parse is a failure', async ([body = '', why], { call, service }) => {
    service.reply(() => ({ body }))
    const error = `the result ${why}, and no more are read: ask for less at a time`
    expect(await call()).toEqual({ ok: false, error })
  })

  test('of many words that is not JSON is a result', async ({ call, service }) => {
    const body = 'a,'.repeat(limits.jsonValues + 1)
    service.reply(() => ({ body }))
    expect(await call()).toEqual({ ok: true, result: new JsonText(JSON.stringify(body)) })
  })

  test('that is too large is a failure', async ({ call, service }) => {
    service.reply(() => ({ body: 'x'.repeat(2_000_000) }))
    expect(await call()).toMatchObject({
      ok: false,
      error: expect.stringMatching(/large/) as string,
    })
  })
})

const taskFull: ReserveCapacity = () => Promise.reject(new Error('there is no room'))

describe('a large reply', () => {
  test('is read when there is capacity for it, and the wait does not count', async ({
    call,
    service,
  }) => {
    const body = 'x'.repeat(500_000)
    service.reply(() => ({ body, headers: { 'content-length': String(body.length) } }))
    const reserved: number[] = []
    const capacity = async (bytes: number) => {
      reserved.push(bytes)
      await sleep(150)
    }
    const outcome = await call({}, { capacity, seconds: 0.1 })
    expect(JSON.stringify(outcome)).toBe(JSON.stringify({ ok: true, result: body }))
    expect(reserved).toEqual([body.length])
  })

  test('without a length reserves capacity for the largest reply', async ({ call, service }) => {
    service.reply(() => ({ huge: 500_000 }))
    const reserved: number[] = []
    await call({}, { capacity: async (bytes) => void reserved.push(bytes) })
    expect(reserved).toEqual([limits.storedToolResult])
  })

  test('has more than 64 KB: smaller replies need no capacity', async ({ call, service }) => {
    service.reply(() => ({ body: 'x'.repeat(limits.liveBytes.smallWork) }))
    expect(await call({}, { capacity: taskFull })).toMatchObject({ ok: true })
  })
})

describe('a call', () => {
  test('whose connection breaks fails with an error that says whether it may have had an effect', async ({
    call,
    service,
  }) => {
    service.reply(() => ({ fault: 'reset' }))
    const effect = 'the request may have had its effect'
    expect(await call({ method: 'POST' }, { onCrash: 'fail' })).toMatchObject({
      ok: false,
      error: expect.stringContaining(effect) as string,
    })
    const get = await call()
    expect(get).toMatchObject({ ok: false })
    expect(JSON.stringify(get)).not.toContain(effect)
  })

  test('that takes too long is a failure', async ({ call, service }) => {
    service.reply(() => ({ fault: 'hang' }))
    expect(await call({}, { seconds: 0.1 })).toMatchObject({ ok: false })
    await expect.poll(() => service.requests[0]?.closedEarly).toBe(true)
  })

  test('that is aborted closes its request', async ({ call, service }) => {
    const controller = new AbortController()
    service.reply(() => {
      controller.abort(new Error('stop'))
      return { fault: 'hang' }
    })
    await expect(call({}, { signal: controller.signal })).rejects.toThrow('stop')
    await expect.poll(() => service.requests[0]?.closedEarly).toBe(true)
  })

  test('to an address that is not public is refused', async ({ call, service }) => {
    expect(await call({}, { allow: [] })).toMatchObject({
      ok: false,
      error: expect.stringContaining('not public') as string,
    })
    expect(service.requests).toEqual([])
  })

  test('carries its key, unless the tool has a key of its own', async ({ call, service }) => {
    await call()
    expect(service.requests[0]?.headers['idempotency-key']).toBe('resp_1.c1')
    await call({ headers: { 'Idempotency-Key': 'own' } })
    expect(service.requests[0]?.headers['idempotency-key']).toBe('own')
  })
})

describe('a temporary failure', () => {
  test('is retried where the call may be repeated, under the same key', async ({
    call,
    service,
  }) => {
    service.reply(inTurn({ status: 503 }, { fault: 'reset' }))
    expect(await call()).toEqual({ ok: true, result: { fine: true } })
    const keys = service.requests.map(({ headers }) => headers['idempotency-key'])
    expect(keys).toEqual(Array(3).fill('resp_1.c1'))
  })

  test('is not retried where the call may have had an effect', async ({ call, service }) => {
    for (const reply of [{ status: 503 }, { fault: 'reset' as const }]) {
      service.reply(inTurn(reply))
      expect(await call({ method: 'POST' }, { onCrash: 'fail' })).toMatchObject({ ok: false })
      expect(service.requests).toHaveLength(1)
    }
  })

  test('is not retried where a redirect came from a server at which the call may have had an effect', async ({
    call,
    service,
  }) => {
    const location = 'http://127.0.0.1:1/'
    service.reply(() => ({ status: 307, headers: { location } }))
    expect(await call({ method: 'POST' }, { onCrash: 'fail' })).toMatchObject({ ok: false })
    expect(service.requests).toHaveLength(1)
  })

  test('is retried a limited number of times, and a permanent failure never', async ({
    call,
    service,
  }) => {
    service.reply(() => ({ status: 503 }))
    expect(await call()).toMatchObject({ ok: false })
    expect(service.requests).toHaveLength(3)
    service.reply(() => ({ status: 404 }))
    expect(await call()).toMatchObject({ ok: false })
    expect(service.requests).toHaveLength(1)
  })

  test('is not retried where the time is too short, and the model reads the failure', async ({
    call,
    service,
  }) => {
    service.reply(() => ({ status: 503, headers: { 'retry-after': '4' }, body: 'busy' }))
    const short = await call({}, { seconds: 3 })
    expect(short).toEqual({ ok: false, error: 'the server answered 503: busy' })
    expect(service.requests).toHaveLength(1)
  })

  test('with a long Retry-After is not waited for', async ({ call, service }) => {
    service.reply(() => ({ status: 429, headers: { 'retry-after': '60' } }))
    expect(await call()).toMatchObject({ ok: false })
    expect(service.requests).toHaveLength(1)
  })
})

describe('values', () => {
  const argument = { type: 'string' as const, description: '', hidden: false }
  const hidden = { ...argument, hidden: true, default: 'usual' }

  test('come from the model, from hidden arguments, and from variables', async ({
    call,
    service,
  }) => {
    const definition = {
      url: `${service.url}/{{id}}/{{tenant}}/{{lang}}/{{region}}`,
      arguments: { id: argument, tenant: hidden, lang: { ...argument, default: 'en' } },
    }
    const input = { id: '1', tenant: 'forged', region: 'forged' }
    await call(definition, { input, variables: { region: 'eu' } })
    expect(service.requests[0]?.path).toBe('/1/usual/en/eu')
    await call(definition, { input, variables: { region: 'eu', tenant: 't2' } })
    expect(service.requests[0]?.path).toBe('/1/t2/en/eu')
  })

  test('that are missing are a failure, and nothing is sent', async ({ call, service }) => {
    expect(await call({ url: `${service.url}/{{id}}` })).toEqual({
      ok: false,
      error: 'there is no value for id',
    })
    expect(service.requests).toEqual([])
  })
})

describe('a secret', () => {
  const secretHeader = { headers: { Authorization: { sealed: '' } } }

  test('header comes from the current version of the stored tool, and no answer shows it', async ({
    call,
    service,
  }) => {
    service.reply(({ headers }) => ({ body: `you sent ${headers.authorization}` }))
    const stored = { Authorization: { sealed: 'sealed:hunter2' } }
    expect(await call(secretHeader, { stored })).toEqual({ ok: true, result: 'you sent [secret]' })
    expect(service.requests[0]?.headers.authorization).toBe('hunter2')
  })

  test('is shown by no answer, in any form', async ({ call, service }) => {
    const key = String.raw`pa"ss\word-1234`
    service.reply(() => ({ body: { token: 's3cr3t-token-value', [key]: `it is ${key}` } }))
    const stored = { Authorization: { sealed: 'sealed:Bearer s3cr3t-token-value' } }
    const variables = { key: { secret: true, sealed: `sealed:${key}` } }
    expect(await call(secretHeader, { stored, variables })).toEqual({
      ok: true,
      result: { token: '[secret]', '[secret]': 'it is [secret]' },
    })
    service.reply(() => ({ status: 400, body: JSON.stringify({ error: `no ${key}` }) }))
    expect(await call(secretHeader, { stored, variables })).toEqual({
      ok: false,
      error: 'the server answered 400: {"error":"no [secret]"}',
    })
  })

  test('that no placeholder names is not counted', async ({ call, service }) => {
    const names = Array.from({ length: 5_000 }, (_, i) => [
      `key${i}`,
      { secret: true, sealed: `sealed:a-long-secret-${i}` },
    ])
    service.reply(({ path }) => ({ body: path }))
    const variables = Object.fromEntries(names) as Record<string, unknown>
    expect(await call({ url: `${service.url}/{{key4999}}` }, { variables })).toEqual({
      ok: true,
      result: '/[secret]',
    })
  })

  test.for([307, 308])('is sent to no other origin by a %i', async (status, { call, service }) => {
    const stranger = await startScriptedServer()
    onTestFinished(() => stranger.close())
    service.reply(() => ({ status, body: '', headers: { location: stranger.url } }))
    const sent = { method: 'POST' as const, body: { api_key: '{{key}}' } }
    const variables = { key: { secret: true, sealed: 'sealed:hunter2' } }
    expect(await call(sent, { variables, onCrash: 'fail' })).toEqual({
      ok: false,
      error: expect.stringMatching(
        /redirects a request with a secret to another origin .+ not followed/,
      ),
    })
    expect(stranger.requests).toEqual([])
  })

  test('header of a tool that is gone is a failure', async ({ call, service }) => {
    expect(await call(secretHeader)).toMatchObject({ ok: false })
    expect(service.requests).toEqual([])
  })
})

/** Answers each request with the next reply, and later requests with success. */
function inTurn(...replies: ServedReply[]): () => ServedReply {
  const left = [...replies]
  return () => left.shift() ?? { body: { fine: true } }
}
