import { limits } from '@longhaul/core'
import { newAgent } from '../support/new-agent.ts'
import { type RawHttp, bearer, expect, jsonOf, test, turn } from './http-conformance.ts'

const part = { kind: 'text', text: 'hello' }
const many = <T>(count: number, item: T): T[] => Array<T>(count).fill(item)
const keys = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, index]))

test('a body of the full size is read, and one byte more is 413', async ({ rawHttp }) => {
  const body = `{"key":"${'x'.repeat(limits.body - 10)}"}`
  expect(Buffer.byteLength(body)).toBe(limits.body)
  // Read and parsed, and then refused for its content.
  expect((await rawHttp.ask('POST /v2/agents', { body })).status).toBe(400)
  expect((await rawHttp.ask('POST /v2/agents', { body: `${body} ` })).status).toBe(413)
  expect((await rawHttp.ask('POST /v2/agents', { body: body.repeat(8) })).status).toBe(413)
})

const crowds: Record<string, [status: number, more: unknown]> = {
  '1,000 parts': [200, { message: { role: 'user', parts: many(1_000, part) } }],
  '1,001 parts': [400, { message: { role: 'user', parts: many(1_001, part) } }],
  '10,000 parts': [400, { message: { role: 'user', parts: many(10_000, part) } }],
  '5,000 variables': [200, { variables: keys(5_000) }],
  '20,000 variables': [400, { variables: keys(20_000) }],
  '20,000 keys that nobody knows': [400, { odd: keys(20_000) }],
  '20,000 keys beside the message': [400, keys(20_000)],
  'a key of 64 kB': [200, { variables: { ['k'.repeat(65_536)]: 1 } }],
  'an unknown key of 64 kB': [200, { ['k'.repeat(65_536)]: 1 }],
  'a million values': [400, { metadata: { a: many(1_000_000, 0) } }],
  'a million empty lists': [400, { metadata: { a: many(1_000_000, []) } }],
  '10,000 tags': [400, { thread: { id: 't', tags: many(10_000, 'tag') } }],
  'a task id of 64 kB': [400, { task_id: 'x'.repeat(65_536) }],
}

test('large numbers of items are refused at their limit, and not before', async ({
  rawHttp,
  agent,
}) => {
  for (const [name, [status, more]] of Object.entries(crowds)) {
    const json = { ...turn('hello'), ...(more as object) }
    const reply = await rawHttp.ask(`POST /v2/agents/${agent}/responses`, { json })
    expect([name, reply.status, reply.text.length < 100_000]).toEqual([name, status, true])
  }
})

test('an agent with too many tools or fallbacks, or too much text, is 400 with the name of the field', async ({
  rawHttp,
}) => {
  const bodies: [string, object][] = [
    ['settings.tools', { settings: { tools: many(1_000, { type: 'current_date' }) } }],
    ['fallback_models', { fallback_models: many(1_000, 'openai/x') }],
    ['instructions', { instructions: 'x'.repeat(300_000) }],
    ['key', { key: 'k'.repeat(256) }],
    ['path', { path: 'p'.repeat(100_000) }],
  ]
  for (const [param, more] of bodies) {
    const reply = await rawHttp.ask('POST /v2/agents', { json: { ...newAgent(), ...more } })
    expect([param, reply.status, jsonOf(reply)['error']]).toMatchObject([param, 400, { param }])
  }
})

const image = (url: string) => ({
  model: 'demo/instant',
  input: [{ role: 'user', content: [{ type: 'input_image', image_url: url }] }],
})

test('millions of repetitions of a pattern’s group are 400 with the name of the field', async ({
  rawHttp,
  agent,
}) => {
  const manyPieces = `a${'_a'.repeat(4_500_000)}`
  const imageUrl = 'input[0].content[0].image_url'
  const identity = { id: 'ada', email: `a@${'a-'.repeat(4_500_000)}.com` }
  const bodies: [string, string, object][] = [
    [imageUrl, 'POST /v1/responses', image(`data:${';'.repeat(9_000_000)}`)],
    [imageUrl, 'POST /v1/responses', image(`data:${';a'.repeat(4_500_000)}`)],
    ['key', 'POST /v2/agents', { ...newAgent(), key: manyPieces }],
    ['key', 'POST /v2/tools', { key: manyPieces, type: 'function', function: { name: 'f' } }],
    ['identity.email', `POST /v2/agents/${agent}/responses`, { ...turn('hello'), identity }],
  ]
  for (const [param, line, json] of bodies) {
    const { status, text } = await rawHttp.ask(line, { json })
    expect([param, status, text.slice(0, 400)]).toEqual([
      param,
      400,
      expect.stringContaining(param),
    ])
  }
})

test('a request that becomes larger than the limit of a record is 413 with the name of its largest part', async ({
  rawHttp,
  agent,
}) => {
  // Each character is six bytes of JSON in every store.
  const x = '\u0001'.repeat(1_000_000)
  const parts = ['{{x}}', 'and', '{{x}}', ''].map((text) => ({ kind: 'text', text }))
  const json = { ...turn('hello'), message: { role: 'user', parts }, variables: { x } }
  const reply = await rawHttp.ask(`POST /v2/agents/${agent}/responses`, { json })
  expect([reply.status, jsonOf(reply)['error']]).toMatchObject([413, { param: 'message.parts[0]' }])
  const one = { ...json, message: { role: 'user', parts: parts.slice(0, 2) } }
  expect((await rawHttp.ask(`POST /v2/agents/${agent}/responses`, { json: one })).status).toBe(200)
})

/** `{"a":{"a":…1}}` or `[[…]]`, with this number of levels. */
function nested(levels: number, shape: 'objects' | 'arrays'): string {
  const [open, close] = shape === 'objects' ? ['{"a":', '}'] : ['[', ']']
  return open.repeat(levels) + (shape === 'objects' ? '1' : '') + close.repeat(levels)
}

const places: Record<string, (deep: string) => string> = {
  'a field nobody knows': (deep) => `{"odd":${deep},`,
  variables: (deep) => `{"variables":{"a":${deep}},`,
  metadata: (deep) => `{"metadata":{"a":${deep}},`,
  identity: (deep) => `{"identity":{"id":"ada","metadata":[{"a":${deep}}]},`,
  'the message': (deep) => `{"message":${deep},`,
  'the text': (deep) => `{"message":{"role":"user","parts":[{"kind":"text","text":${deep}}]},`,
}

test('deep nesting is refused before it is parsed, in every field', async ({ rawHttp, agent }) => {
  for (const [place, put] of Object.entries(places)) {
    for (const levels of [50, 500, 5_000, 50_000]) {
      for (const shape of ['objects', 'arrays'] as const) {
        const rest = place.startsWith('the ')
          ? '"background":true}'
          : JSON.stringify(turn('hello')).slice(1)
        const body = put(nested(levels, shape)) + rest
        const reply = await rawHttp.ask(`POST /v2/agents/${agent}/responses`, { body })
        const fits = levels === 50 && !place.startsWith('the ')
        expect([place, levels, reply.status]).toEqual([place, levels, fits ? 200 : 400])
      }
    }
  }
})

test('deep nesting that is never closed is also refused', async ({ rawHttp, agent }) => {
  for (const body of ['['.repeat(5_000_000), '{"a":'.repeat(1_000_000), '[{'.repeat(100)]) {
    const reply = await rawHttp.ask(`POST /v2/agents/${agent}/responses`, { body })
    expect(reply.status).toBe(400)
  }
})

test('a declared size that is too large is refused before the body arrives, and an invalid one is no HTTP', async ({
  rawHttp,
  agent,
}) => {
  const lengths = {
    '10737418240': 413,
    '9007199254740993': 413,
    '99999999999999999999999': 400,
    '-1': 400,
    '+5': 400,
    '1e3': 400,
    '0x10': 400,
    '5, 5': 400,
    '': 400,
  }
  for (const [length, status] of Object.entries(lengths)) {
    const replies = await rawHttp.send(head(agent, `Content-Length: ${length}\r\n`))
    expect([length, replies.map((reply) => reply.status)]).toEqual([length, [status]])
  }
})

test('a length that is too short or too long never gets two replies, and makes at most one task', async ({
  rawHttp,
  agent,
}) => {
  const text = JSON.stringify(turn('hello'))
  const short = await knock(rawHttp, agent, `Content-Length: ${text.length}\r\n`, `${text}{"a":1}`)
  expect(short).toEqual([200])
  const cut = await knock(rawHttp, agent, `Content-Length: ${text.length - 5}\r\n`, text)
  expect(cut).toEqual([400])
  const next = 'GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n'
  const swallowed = await knock(
    rawHttp,
    agent,
    `Content-Length: ${text.length + next.length}\r\n`,
    text + next,
  )
  expect(swallowed).toEqual([400])
})

async function knock(
  rawHttp: RawHttp,
  agent: string,
  length: string,
  body: string,
): Promise<number[]> {
  const replies = await rawHttp.send(head(agent, `Connection: close\r\n${length}`) + body)
  return replies.map(({ status }) => status)
}

function head(agent: string, lines: string): string {
  return `POST /v2/agents/${agent}/responses HTTP/1.1\r\nHost: h\r\nAuthorization: ${bearer}\r\nContent-Type: application/json\r\n${lines}\r\n`
}
