import { setTimeout as sleep } from 'node:timers/promises'
import { limits } from '@longhaul/core'
import { expect, test } from 'vitest'
import { echo, keyOfAcme, serve } from './test-server.ts'

test.each([
  'application/json',
  'application/json; charset=utf-8',
  'Application/JSON;charset="UTF-8"',
  'application/vnd.api+json',
  'application/json; profile=x',
])('Content-Type %s is taken', async (type) => {
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

test('an empty body is 400 where one is needed, and undefined where it is optional', async () => {
  const { post, url } = await serve([echo, { ...echo, path: '/v2/optional', body: 'optional' }])
  expect((await post('/v2/echo', '')).status).toBe(400)
  const headers = { authorization: `Bearer ${keyOfAcme}` }
  const none = await fetch(`${url}/v2/optional`, { method: 'POST', headers })
  expect([none.status, await none.json()]).toEqual([200, {}])
  expect(await (await post('/v2/optional', '{"a":1}')).json()).toEqual({ body: { a: 1 } })
})

test('a body of exactly the limit is taken', async () => {
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
  const { text, ms } = await first
  expect(text).toMatch(/^HTTP\/1\.1 413 [^]*connection: close\r\n/i)
  expect(ms).toBeLessThan(500)
  expect((await all).ms).toBeLessThan(2_500)
})

test('a body that never says its length is 413 as soon as it is too large', async () => {
  const { raw } = await serve([echo])
  const { socket, first } = raw(`${withKey}Transfer-Encoding: chunked\r\n\r\n`)
  const chunk = `100000\r\n${'x'.repeat(1024 * 1024)}\r\n`
  for (let sent = 0; sent <= limits.body; sent += 1024 * 1024) socket.write(chunk)
  expect((await first).text).toMatch(/^HTTP\/1\.1 413 /)
})

test('without a key nothing of the body is awaited', async () => {
  const { raw } = await serve([echo])
  for (const length of [1_000, 10_000_000]) {
    const { text, ms } = await raw(`${post}Content-Length: ${length}\r\n\r\n`).first
    expect(text).toMatch(/^HTTP\/1\.1 401 /)
    expect(ms).toBeLessThan(500)
  }
})

test('whoever asks before an upload hears 100, or the refusal instead', async () => {
  const { raw } = await serve([echo])
  const expect100 = 'Expect: 100-continue\r\nContent-Length: 7\r\n\r\n'
  expect((await raw(post + expect100).first).text).toMatch(/^HTTP\/1\.1 401 /)
  const { socket, first, all } = raw(`${withKey}Connection: close\r\n${expect100}`)
  expect((await first).text).toMatch(/^HTTP\/1\.1 100 /)
  socket.write('{"a":1}')
  expect((await all).text).toContain('{"body":{"a":1}}')
})

test('a length that lies is never answered twice', async () => {
  const { raw } = await serve([echo])
  const { text } = await raw(`${withKey}Content-Length: 2\r\n\r\n{}{"a":1}`).all
  expect(text.match(/HTTP\/1\.1 [24]00 /g)).toHaveLength(1)
})

test('a body that drips is cut off, and others are served meanwhile', async () => {
  const server = { requestTimeout: 300, headersTimeout: 200, connectionsCheckingInterval: 50 }
  const { raw, post: send } = await serve([echo], { server })
  const { socket, all } = raw(`${withKey}Content-Length: 100\r\n\r\n{`)
  const drip = setInterval(() => socket.write(' '), 50)
  await sleep(100)
  expect((await send('/v2/echo', '{}')).status).toBe(200)
  const { text, ms } = await all
  clearInterval(drip)
  expect(text).toMatch(/^HTTP\/1\.1 408 /)
  expect(ms).toBeLessThan(2_000)
})

test('a client that leaves in the middle of its body harms nobody', async () => {
  const { raw, post: send } = await serve([echo])
  const { socket } = raw(`${withKey}Content-Length: 100\r\n\r\n{`)
  await sleep(50)
  socket.resetAndDestroy()
  await sleep(20)
  expect((await send('/v2/echo', '{}')).status).toBe(200)
})
