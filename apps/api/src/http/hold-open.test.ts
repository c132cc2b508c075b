import { once } from 'node:events'
import { createOpenStreams } from '@longhaul/core'
import { expect, test } from 'vitest'
import type { Route } from '../route.ts'
import { holdOpen, holdWhileWaiting } from './hold-open.ts'
import { doc, keyOfAcme, serve, withKey } from './test-server.fixture.ts'

/** Holds its request open until the client disconnects or the test ends it. */
function setup() {
  const ends: { resolve: () => void; reject: (error: Error) => void }[] = []
  const hold: Route = {
    method: 'get',
    path: '/v2/hold',
    doc,
    async handle({ response }, deps) {
      const signal = holdOpen(response, deps)
      const end = Promise.withResolvers<void>()
      ends.push(end)
      if (!signal.aborted) await Promise.race([once(signal, 'abort'), end.promise])
      return { status: 200 }
    },
  }
  const brief: Route = {
    ...hold,
    path: '/v2/brief',
    async handle({ query, response }, deps) {
      holdWhileWaiting(Number(query.get('wait')), response, deps)
      return await Promise.resolve({ status: 200 })
    },
  }
  const streams = createOpenStreams({ perKey: 2 })
  return { routes: [hold, brief], streams, ends }
}

const get = (url: string, init: RequestInit = {}) => fetch(url, { ...init, headers: withKey })

test('an open request beyond the limit of its key is 429, and names the limit', async () => {
  const { routes, streams, ends } = setup()
  const { url } = await serve(routes, { streams })
  const open = [get(`${url}/v2/hold`), get(`${url}/v2/hold`)]
  await expect.poll(() => ends.length).toBe(2)
  const refused = await get(`${url}/v2/hold`)
  expect(refused.status).toBe(429)
  expect(refused.headers.get('retry-after')).toBe('5')
  expect(refused.headers.get('retry-after-ms')).toBe('5000')
  expect(await refused.json()).toMatchObject({
    code: '429',
    message: expect.stringContaining('2 streams and waiting requests'),
    violated_policies: ['streams'],
    error: { type: 'rate_limit_error', code: 'rate_limited', param: null },
  })
  expect((await get(`${url}/v2/brief?wait=1`)).status).toBe(429)
  expect((await get(`${url}/v2/brief?wait=0`)).status).toBe(200)
  expect(ends).toHaveLength(2)
  ends[0]?.resolve()
  await open[0]
  await expect.poll(() => streams.count()).toBe(1)
  expect((await get(`${url}/v2/brief?wait=1`)).status).toBe(200)
  ends[1]?.resolve()
  await open[1]
})

test('no request stays counted after it ends, fails, or its client disconnects', async () => {
  const { routes, streams, ends } = setup()
  const { url } = await serve(routes, { streams })
  const gone = new AbortController()
  const ways = [
    { end: () => ends.at(-1)?.resolve(), status: 200 },
    { end: () => ends.at(-1)?.reject(new Error('failed')), status: 500 },
    { end: () => gone.abort(), status: 'gone' },
  ]
  for (const [at, { end, status }] of ways.entries()) {
    const signal = status === 'gone' ? { signal: gone.signal } : {}
    const reply = get(`${url}/v2/hold`, signal).then(
      (response) => response.status,
      () => 'gone',
    )
    await expect.poll(() => ends.length).toBe(at + 1)
    expect(streams.count()).toBe(1)
    end()
    expect(await reply).toBe(status)
    await expect.poll(() => streams.count()).toBe(0)
  }
})

test('pipelined requests are over when their connection is cut', async () => {
  const { routes, streams, ends } = setup()
  const { raw } = await serve(routes, { streams })
  const head = `GET /v2/hold HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer ${keyOfAcme}\r\n\r\n`
  const { socket } = raw(head + head)
  await expect.poll(() => ends.length).toBe(2)
  expect(streams.count()).toBe(2)
  socket.destroy()
  await expect.poll(() => streams.count()).toBe(0)
})
