import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { startHealthServer } from './health-server.ts'
import { createLogger } from './logger.ts'
import { createMetrics } from './metrics.ts'

type Ready = Parameters<typeof startHealthServer>[0]['ready']

const log = createLogger({ name: 'test', level: 'silent' })

test('healthz is 200 while the process lives, whatever readiness says', async () => {
  const url = await start(() => ({ reason: 'no claim loop has turned yet' }))
  expect((await fetch(`${url}/healthz`)).status).toBe(200)
})

test('readyz is 503 with the reason, then 200', async () => {
  const reason = { reason: 'the store is full', code: 'store_full' }
  let notReady: typeof reason | undefined = reason
  const url = await start(() => Promise.resolve(notReady))
  const notYet = await fetch(`${url}/readyz?verbose=1`)
  expect(notYet.status).toBe(503)
  expect(await notYet.json()).toEqual({ status: 'unavailable', ...reason })
  notReady = undefined
  expect((await fetch(`${url}/readyz`)).status).toBe(200)
})

test('a readiness check that throws is 503 without details of the error', async () => {
  const url = await start(() => {
    throw new Error('ReplyError at redis')
  })
  const response = await fetch(`${url}/readyz`)
  expect(response.status).toBe(503)
  expect(await response.text()).not.toContain('ReplyError')
})

test('metrics are served as text, and everything else is 404', async () => {
  const url = await start(() => undefined)
  const metrics = await fetch(`${url}/metrics`)
  expect(metrics.headers.get('content-type')).toMatch(/^text\/plain/)
  expect(await metrics.text()).toContain('process_cpu_seconds_total')
  expect((await fetch(`${url}/`)).status).toBe(404)
})

test('a busy port is exchanged for a free one', async () => {
  const busy = createServer()
  await new Promise<void>((resolve) => busy.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void busy.close())
  const { port } = busy.address() as AddressInfo
  const url = await start(() => undefined, port)
  expect(url).not.toContain(`:${port}`)
  expect((await fetch(`${url}/healthz`)).status).toBe(200)
})

async function start(ready: Ready, port = 0): Promise<string> {
  const metrics = createMetrics()
  const server = await startHealthServer({ host: '127.0.0.1', port, ready, metrics, log })
  onTestFinished(() => server.close())
  return `http://127.0.0.1:${server.port}`
}
