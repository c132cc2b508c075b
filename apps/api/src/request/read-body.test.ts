import { setTimeout as sleep } from 'node:timers/promises'
import { limits } from '@longhaul/core'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { parseBody } from './read-body.ts'
import { echo, keyOfAcme, serve } from '../http/test-server.fixture.ts'

const taken: [string, string, unknown][] = [
  ['an object', '{"a":[1,true,null,"é 🙂"]}', { a: [1, true, null, 'é 🙂'] }],
  ['space around it', ' \r\n\t{} \n', {}],
  ['brackets and quotes within strings', '{"a":"[[[{{\\"]"}', { a: '[[[{{"]' }],
  ['a string that ends in backslashes', '{"a":"\\\\\\\\","b":[]}', { a: '\\\\', b: [] }],
  ['the last of two equal keys', '{"a":1,"a":2,"\\u0061":3}', { a: 3 }],
  ['an escaped pair of surrogates', '{"a":"\\ud83d\\ude42"}', { a: '🙂' }],
  ['half a pair, as U+FFFD', '{"a":["x\\ud83d"],"\\udE42k":1}', { a: ['x\uFFFD'], '\uFFFDk': 1 }],
  ['the text of an escape', '{"a":"\\\\ud83d"}', { a: '\\ud83d' }],
  ['NUL and U+2028', '{"a":"\\u0000\\u2028"}', { a: '\0\u2028' }],
  [
    'names of the prototype that do no harm',
    '{"toString":1,"constructor":2}',
    { toString: 1, constructor: 2 },
  ],
]

test.each(taken)('%s is accepted', (_, text, value) => {
  expect(parseBody(Buffer.from(text))).toEqual(value)
})

const manyKeys = Object.fromEntries(Array.from({ length: 5_001 }, (_, i) => [`k${i}`, i]))

const refused: [string, string | Buffer, RegExp][] = [
  ['nothing but space', '  ', /not valid JSON/],
  ['a cut text', '{"a":', /not valid JSON/],
  ['a comment', '{/* */}', /not valid JSON at position 1/],
  ['NaN', '{"a":NaN}', /not valid JSON/],
  ['two documents', '{}{}', /not valid JSON at position 2/],
  ['a control character', '{"a":"\n"}', /not valid JSON at position 6/],
  ['an open string', '{"a":"b', /not valid JSON/],
  ['a byte order mark', '\uFEFF{}', /byte order mark/],
  ['an array', '[]', /must be a JSON object/],
  ['a string', '"a"', /must be a JSON object/],
  ['null', 'null', /must be a JSON object/],
  ['a number without a double', '{"a":[-1e999]}', /number that is too large/],
  ['too many keys', JSON.stringify({ a: manyKeys }), /more than 5000 keys/],
  ['too many values', `{"a":[${'0,'.repeat(limits.jsonValues)}0]}`, /more than 100000 values/],
  ['too many empty objects', `{"a":[${'{},'.repeat(limits.jsonValues / 2)}0]}`, /values/],
  ['a key too often', `{${'"a":0,'.repeat(limits.jsonValues)}"a":0}`, /values/],
  ['0xFF', Buffer.from([0x7b, 0xff, 0x7d]), /not valid UTF-8/],
  ['an overlong code', Buffer.from('{"a":"\xc0\xaf"}', 'latin1'), /not valid UTF-8/],
  ['a surrogate in UTF-8', Buffer.from('{"a":"\xed\xa0\x80"}', 'latin1'), /not valid UTF-8/],
  ['UTF-16', Buffer.from('{}', 'utf16le'), /not valid JSON/],
]

test.each(refused)('%s is refused', (_, text, problem) => {
  expect(() => parseBody(Buffer.from(text))).toThrow(problem)
})

test.each([
  ['{"a":{"b":[1,1e999]}}', 'a.b[1]'],
  [JSON.stringify({ a: [manyKeys] }), 'a[0]'],
])('a value that cannot be stored is refused with its path: %#', (text, path) => {
  expect(() => parseBody(Buffer.from(text))).toThrow(
    expect.objectContaining({ fields: [expect.objectContaining({ path })] }),
  )
})

test('the depth limit is exact, and counts open levels, not all values', () => {
  expect(() => parseBody(nested(limits.jsonDepth))).not.toThrow()
  expect(() => parseBody(nested(limits.jsonDepth + 1))).toThrow('deeper than 100 levels')
  expect(() => parseBody(nested(50_000))).toThrow('deeper than 100 levels')
  expect(() => parseBody(Buffer.from('['.repeat(1_000_000)))).toThrow('deeper than 100 levels')
  expect(() => parseBody(Buffer.from(`{"a":[${'[],'.repeat(5_000)}[]]}`))).not.toThrow()
})

test('the limit of values is exact, and counts objects and lists too', () => {
  expect(() => parseBody(zeros(limits.jsonValues - 2))).not.toThrow()
  expect(() => parseBody(zeros(limits.jsonValues - 1))).toThrow('more than 100000 values')
})

function zeros(count: number): Buffer {
  return Buffer.from(`{"a":[${'0,'.repeat(count - 1)}0]}`)
}

function nested(depth: number): Buffer {
  return Buffer.from(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`)
}

test('no body reaches the prototype of anything', () => {
  const body = parseBody(
    Buffer.from(
      '{"__proto__":{"admin":1},"a":{"constructor":{"prototype":{"admin":1}},"b":[{"\\u005f_proto__":{"admin":1}}]}}',
    ),
  )
  expect(body).toEqual({ a: { b: [{}] } })
  expect(Object.keys(body)).toEqual(['a'])
  expect(({} as { admin?: number }).admin).toBeUndefined()
})

test('malicious texts of the maximum size cost little more than their parsing', () => {
  const full = limits.body - 100
  const texts = [
    `{"a":"${'\\\\'.repeat(full / 2)}"}`,
    `{"a":"${'\\"'.repeat(full / 2)}"}`,
    `{"a":{${Array.from({ length: 700_000 }, (_, i) => `"${i}k":0,`).join('')}"a":0}}`,
    `{"a":[${'0,'.repeat(full / 2)}0]}`,
    `{"a":"${'\\ud83d'.repeat(full / 6)}"}`,
    `"${'\\'.repeat(full)}`,
    '"'.repeat(full),
  ]
  for (const text of texts) {
    const bytes = Buffer.from(text)
    const bare = costOf(() => JSON.parse(bytes.toString()))
    expect(costOf(() => parseBody(bytes))).toBeLessThan(10 * bare + 2_000)
  }
})

test.each([
  'application/json',
  'application/json; charset=utf-8',
  'Application/JSON;charset="UTF-8"',
  'application/vnd.api+json',
  'application/json; profile=x',
])('Content-Type %s is accepted', async (type) => {
  const { post } = await serve([echo])
  expect((await post('/v2/echo', '{"a":1}', { 'content-type': type })).status).toBe(200)
})

test.each([
  '',
  'text/plain',
  'text/json',
  'application/jsonp',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/json; charset=utf-16',
  'application/json; charset=latin1',
  'application/json; charset=utf-8; charset=utf-7',
  'application/json, text/plain',
])('Content-Type "%s" is 415', async (type) => {
  const { post } = await serve([echo])
  expect((await post('/v2/echo', '{"a":1}', { 'content-type': type })).status).toBe(415)
})

test.each(['gzip', 'br', 'gzip, gzip', 'deflate'])(
  'Content-Encoding %s is 415',
  async (encoding) => {
    const { post } = await serve([echo])
    expect((await post('/v2/echo', '{}', { 'content-encoding': encoding })).status).toBe(415)
  },
)

test('an empty body is 400 if a body is required, and undefined if it is optional', async () => {
  const { post, url } = await serve([
    echo,
    { ...echo, path: '/v2/optional', body: z.looseObject({}).optional() },
  ])
  expect((await post('/v2/echo', '')).status).toBe(400)
  const headers = { authorization: `Bearer ${keyOfAcme}` }
  const none = await fetch(`${url}/v2/optional`, { method: 'POST', headers })
  expect([none.status, await none.json()]).toEqual([200, {}])
  expect(await (await post('/v2/optional', '{"a":1}')).json()).toEqual({ body: { a: 1 } })
})

test('a body of exactly the limit is accepted', async () => {
  const { post } = await serve([{ ...echo, handle: () => Promise.resolve({ status: 200 }) }])
  const text = `{"a":"${'x'.repeat(limits.body - 8)}"}`
  expect((await post('/v2/echo', text)).status).toBe(200)
  const over = await post('/v2/echo', `${text} `)
  expect(over.status).toBe(413)
  expect(await over.json()).toMatchObject({ code: '413', error: { code: 'too_large' } })
})

const post = `POST /v2/echo HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n`
const withKey = `${post}Authorization: Bearer ${keyOfAcme}\r\n`

test('a declared 10 GB is 413 at once, and the connection is closed', async () => {
  const { raw } = await serve([echo])
  const { first, all } = raw(`${withKey}Content-Length: 10737418240\r\n\r\n{"a":`)
  // The rest of the body never arrives: a reply that waited for it would never be sent.
  expect((await first).text).toMatch(/^HTTP\/1\.1 413 [^]*connection: close\r\n/i)
  await all
})

test('a body of unknown length is 413 as soon as it is too large', async () => {
  const { raw } = await serve([echo])
  const { socket, first } = raw(`${withKey}Transfer-Encoding: chunked\r\n\r\n`)
  const chunk = `100000\r\n${'x'.repeat(1024 * 1024)}\r\n`
  for (let sent = 0; sent <= limits.body; sent += 1024 * 1024) socket.write(chunk)
  expect((await first).text).toMatch(/^HTTP\/1\.1 413 /)
})

test('without a key the body is not awaited', async () => {
  const { raw } = await serve([echo])
  for (const length of [1_000, 10_000_000]) {
    const { text } = await raw(`${post}Content-Length: ${length}\r\n\r\n`).first
    expect(text).toMatch(/^HTTP\/1\.1 401 /)
  }
})

test('a client that expects 100 before an upload receives 100 or the refusal', async () => {
  const { raw } = await serve([echo])
  const expect100 = 'Expect: 100-continue\r\nContent-Length: 7\r\n\r\n'
  expect((await raw(post + expect100).first).text).toMatch(/^HTTP\/1\.1 401 /)
  const { socket, first, all } = raw(`${withKey}Connection: close\r\n${expect100}`)
  expect((await first).text).toMatch(/^HTTP\/1\.1 100 /)
  socket.write('{"a":1}')
  expect((await all).text).toContain('{"body":{"a":1}}')
})

test.each(['other', '100-continue, other', '100-continued', '"100-continue"'])(
  'the expectation "%s" is 417, and no body is awaited',
  async (expectation) => {
    const { raw } = await serve([echo])
    const { text } = await raw(`${withKey}Expect: ${expectation}\r\nContent-Length: 7\r\n\r\n`)
      .first
    expect(text).toMatch(/^HTTP\/1\.1 417 /)
    expect(text).toContain('"code":"expectation_failed"')
  },
)

test('HTTP/1.0 has no expectations', async () => {
  const { raw } = await serve([echo])
  for (const expectation of ['other', '100-continue']) {
    const head = withKey.replace('HTTP/1.1', 'HTTP/1.0')
    const { text } = await raw(`${head}Expect: ${expectation}\r\nContent-Length: 7\r\n\r\n{"a":1}`)
      .all
    expect(text).toMatch(/^HTTP\/1\.1 200 /)
  }
})

test('a body with a wrong length has only one reply', async () => {
  const { raw } = await serve([echo])
  const { text } = await raw(`${withKey}Content-Length: 2\r\n\r\n{}{"a":1}`).all
  expect(text.match(/HTTP\/1\.1 [24]00 /g)).toHaveLength(1)
})

test('a body that arrives too slowly is cut off, and other requests are served meanwhile', async () => {
  const server = { requestTimeout: 300, headersTimeout: 200, connectionsCheckingInterval: 50 }
  const { raw, post: send } = await serve([echo], { server })
  const { socket, all } = raw(`${withKey}Content-Length: 10000\r\n\r\n{`)
  const drip = setInterval(() => socket.write(' '), 50)
  await sleep(100)
  expect((await send('/v2/echo', '{}')).status).toBe(200)
  const { text } = await all
  clearInterval(drip)
  expect(text).toMatch(/^HTTP\/1\.1 408 /)
})

test('a client that disconnects during its body affects no other', async () => {
  const { raw, post: send } = await serve([echo])
  const { socket } = raw(`${withKey}Content-Length: 100\r\n\r\n{`)
  await sleep(50)
  socket.resetAndDestroy()
  await sleep(20)
  expect((await send('/v2/echo', '{}')).status).toBe(200)
})

/** The CPU time of a parse in milliseconds, even if the text is refused. */
function costOf(parse: () => unknown): number {
  const before = process.threadCpuUsage()
  try {
    parse()
  } catch {}
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1_000
}
