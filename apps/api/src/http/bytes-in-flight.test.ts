import { createBytesInFlight, limits } from '@longhaul/core'
import { expect, test } from 'vitest'
import type { Route } from '../route.ts'
import { doc, echo, keyOfAcme, serve, withKey } from './test-server.fixture.ts'

const MB = 1024 * 1024

/** A reply of 40 items of 0.1 MB. */
const large: Route = {
  method: 'get',
  path: '/v2/large',
  doc,
  handle: () =>
    Promise.resolve({
      status: 200,
      large: true,
      body: { object: 'list', data: items, none: undefined, more: false },
    }),
}
const items = Array.from({ length: 40 }, (_, at) => ({ at, text: 'ä"'.repeat(25_000) }))

const head = (key: string, length: string) =>
  [
    'POST /v2/echo HTTP/1.1',
    'host: h',
    `authorization: Bearer ${key}`,
    'content-type: application/json',
    length,
    '',
    '',
  ].join('\r\n')

test('bodies beyond the limit of a key are refused unread, until others are over', async () => {
  const bytes = createBytesInFlight()
  const { raw, post } = await serve([echo], { bytesInFlight: bytes })
  const held = [1, 2, 3].map(() => raw(head(keyOfAcme, `content-length: ${10 * MB}`)))
  await expect.poll(() => bytes.now()).toBe(30 * MB)

  const refused = await raw(head(keyOfAcme, `content-length: ${3 * MB}`)).first
  expect(refused.text).toMatch(/^HTTP\/1.1 429 /)
  expect(refused.text).toMatch(/retry-after: 1\r\n/i)
  expect(refused.text).toContain('"violated_policies":["bytes_in_flight"]')
  expect(refused.text).toContain('"code":"rate_limited"')

  const chunks = raw(`${head(keyOfAcme, 'transfer-encoding: chunked')}400000\r\n`)
  chunks.socket.write('x'.repeat(3 * MB))
  expect((await chunks.first).text).toMatch(/^HTTP\/1.1 429 /)
  expect((await post('/v2/echo', '{"small":1}')).status).toBe(200)

  held[0]?.socket.destroy()
  await expect.poll(() => bytes.now()).toBe(20 * MB)
  const body = JSON.stringify({ text: 'x'.repeat(3 * MB) })
  const echoed = await post('/v2/echo', body)
  expect(echoed.status).toBe(200)
  await echoed.arrayBuffer()
  await expect.poll(() => bytes.now()).toBe(20 * MB)
})

test('bodies of many keys beyond the total limit are refused with 503', async () => {
  const bytes = createBytesInFlight()
  const keys = Array.from({ length: 14 }, (_, at) => `lh_key${at}_0123456789`)
  const { raw } = await serve([echo], {
    bytesInFlight: bytes,
    authenticate: (bearer) => Promise.resolve({ workspace: bearer, keyId: bearer }),
  })
  for (const key of keys.slice(0, 12)) raw(head(key, `content-length: ${10 * MB}`))
  await expect.poll(() => bytes.now()).toBe(120 * MB)
  const [last = ''] = keys.slice(13)
  const refused = await raw(head(last, `content-length: ${9 * MB}`)).first
  expect(refused.text).toMatch(/^HTTP\/1.1 503 /)
  expect(refused.text).toMatch(/retry-after: 1\r\n/i)
  expect((await raw(`${head(last, 'content-length: 2')}{}`).first).text).toMatch(/^HTTP\/1.1 200 /)
})

test('a large reply is the JSON of its body, and counts until it is sent', async () => {
  const bytes = createBytesInFlight()
  const { url } = await serve([large], { bytesInFlight: bytes })
  const response = await fetch(`${url}/v2/large`, { headers: withKey })
  const text = await response.text()
  expect(text).toBe(JSON.stringify({ object: 'list', data: items, more: false }))
  expect(response.headers.get('content-length')).toBe(String(Buffer.byteLength(text)))
  await expect.poll(() => bytes.now()).toBe(0)
})

test('a reply that is sent as a whole counts until its reader has it', async () => {
  const bytes = createBytesInFlight()
  const whole: Route = {
    ...large,
    path: '/v2/whole',
    handle: () => Promise.resolve({ status: 200, body: { text: 'x'.repeat(4 * MB) } }),
  }
  const { raw } = await serve([whole], { bytesInFlight: bytes })
  const { socket } = raw('')
  // The buffers of the operating system take the first few.
  socket.pause()
  const get = `GET /v2/whole HTTP/1.1\r\nhost: h\r\nauthorization: Bearer ${keyOfAcme}\r\n\r\n`
  socket.write(get.repeat(40))
  await expect.poll(() => bytes.now()).toBeGreaterThan(12 * MB)
  expect(bytes.now()).toBeLessThanOrEqual(limits.bytesInFlight.perKey)
  socket.destroy()
  await expect.poll(() => bytes.now()).toBe(0)
})

test('a large reply is written piece by piece, and other requests are served between', async () => {
  let turns = 0
  let counting = true
  const count = () => {
    turns += 1
    if (counting) setImmediate(count)
  }
  const stringified: number[] = []
  const watched: Route = {
    ...large,
    path: '/v2/watched',
    handle: () => {
      const data = items.map((item) => ({
        toJSON: () => {
          stringified.push(turns)
          return item
        },
      }))
      return Promise.resolve({ status: 200, large: true, body: { data } })
    },
  }
  const other = await serve([watched])
  count()
  await fetch(`${other.url}/v2/watched`, { headers: withKey }).then((reply) => reply.text())
  counting = false
  expect(new Set(stringified).size).toBeGreaterThan(10)
})

test('a large reply beyond the limit of its key is refused, unless it answers an accepted turn', async () => {
  const bytes = createBytesInFlight({ ...limits.bytesInFlight, perKey: 5 * MB })
  const owed: Route = {
    ...large,
    path: '/v2/owed',
    handle: () => Promise.resolve({ status: 200, large: true, owed: true, body: { data: items } }),
  }
  const { url } = await serve([large, owed], { bytesInFlight: bytes })
  const others = bytes.open({ key: 'acme01234567', workspace: 'acme' })
  others.take(4 * MB)
  const refused = await fetch(`${url}/v2/large`, { headers: withKey })
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1'])
  const answer = await fetch(`${url}/v2/owed`, { headers: withKey })
  expect(answer.status).toBe(200)
  await answer.arrayBuffer()
  others.release()
  const reply = await fetch(`${url}/v2/large`, { headers: withKey })
  expect(reply.status).toBe(200)
  await reply.arrayBuffer()
  await expect.poll(() => bytes.now()).toBe(0)
})
