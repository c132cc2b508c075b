import { limits, newWebhookSecret, type Webhook, webhookOfUrl } from '@longhaul/core'
import { expect, test } from 'vitest'
import { parseHostAllowList } from '../guard/egress-allow.ts'
import { hostile } from '../guard/hostile-urls.fixture.ts'
import { createEgress, type Egress } from '../http/egress.ts'
import { startServer } from '../http/test-server.fixture.ts'
import { sendDelivery } from './send-delivery.ts'

const signal = new AbortController().signal
const begun = { id: 'evt_1', body: '{"id":"evt_1"}', attempt: 1, counted: 1 }

/** Sends one attempt to a URL. Every name leads to 127.0.0.1. */
async function send(
  url: string,
  allowed: string[] = [],
  more: Partial<Webhook> = {},
  through: (egress: Egress) => Egress = (egress) => egress,
) {
  const allow = parseHostAllowList(allowed)
  const webhook = { ...webhookOfUrl(url, 0), ...more }
  return await sendDelivery({ workspace: 'w', webhook, begun }, signal, {
    allow,
    egressOf: () => through(createEgress({ allow, resolve: () => Promise.resolve(['127.0.0.1']) })),
    open: (sealed) => sealed,
    now: () => 1_000,
    random: () => 0,
  })
}

test.each(hostile.flatMap((url) => [url, url.replace('http:', 'https:')]))(
  'an attempt never reaches %j',
  async (spelling) => {
    const canary = await startServer(undefined, '0.0.0.0')
    const { attempt, outcome } = await send(spelling.replace('{port}', String(canary.port)))
    expect(attempt).toEqual({ at: 1_000, ms: expect.any(Number), error: expect.any(String) })
    expect(outcome).toMatchObject({ outcome: 'retry' })
    expect(canary.connections()).toBe(0)
  },
)

test('an attempt is encrypted, unless its host is allowed now', async () => {
  const receiver = await startServer()
  const { port } = new URL(receiver.url)
  const [named, allowed] = [`http://shop.example:${port}/`, ['shop.example']]
  expect((await send(named)).attempt.error).toBe('the URL must begin with https://')
  expect(receiver.connections()).toBe(0)
  expect((await send(named, allowed)).outcome).toEqual({ outcome: 'delivered' })
})

test('an attempt has the time at which it is made', async () => {
  const { url, requests } = await startServer()
  await send(url, ['127.0.0.1'])
  expect(requests[0]?.headers).toMatchObject({ 'webhook-id': 'evt_1', 'webhook-timestamp': '1' })
})

test('an attempt ends after 15 seconds, and is repeated', async () => {
  const { url } = await startServer(() => {})
  const waits: number[] = []
  const hurried = (egress: Egress): Egress => ({
    ...egress,
    fetch(request) {
      waits.push(request.timeoutMs)
      return egress.fetch({ ...request, timeoutMs: 50 })
    },
  })
  const { attempt, outcome } = await send(url, ['127.0.0.1'], {}, hurried)
  expect([waits, attempt.status, outcome.outcome]).toEqual([[15_000], undefined, 'retry'])
})

test('while a secret is replaced, the previous one signs, too', async () => {
  const { url, requests } = await startServer()
  const [secret, older] = ['11', '22'].map((byte) => newWebhookSecret(byte.repeat(32)))
  const previous = { secret: older ?? '', until: 1_001 }
  for (const until of [1_001, 1_000]) {
    await send(url, ['127.0.0.1'], { secret: secret ?? '', previous: { ...previous, until } })
  }
  const signatures = requests.map(({ headers }) => String(headers['webhook-signature']).split(' '))
  expect(signatures.map(({ length }) => length)).toEqual([2, 1])
})

test('an attempt follows no redirect', async () => {
  const target = await startServer()
  const { url } = await startServer((_, response) => {
    response.writeHead(307, { location: target.url }).end()
  })
  const { outcome } = await send(url, ['127.0.0.1'])
  expect(outcome.outcome).toBe('retry')
  expect(target.connections()).toBe(0)
})

test('a receiver that asks for time gets it, and one that is gone ends the delivery', async () => {
  const busy = await startServer((_, response) => {
    response.writeHead(503, { 'retry-after': '3600' }).end()
  })
  expect((await send(busy.url, ['127.0.0.1'])).outcome).toEqual({
    outcome: 'retry',
    afterMs: 3_600_000,
  })
  const gone = await startServer((_, response) => {
    response.writeHead(410).end()
  })
  expect((await send(gone.url, ['127.0.0.1'])).outcome).toEqual({ outcome: 'gone' })
})

test('an answer that repeats a secret, or is long, is kept without it, and cut', async () => {
  const secret = 'a-secret-of-the-receiver'
  const { url, requests } = await startServer((_, response) => {
    response.end(`${secret} ${'x'.repeat(10_000)}`)
  })
  const { attempt } = await send(url, ['127.0.0.1'], { secret })
  expect(attempt.answer).toHaveLength(limits.webhooks.keptAnswer)
  expect(JSON.stringify(attempt)).not.toContain(secret)
  expect(requests[0]?.headers).toMatchObject({ 'x-orq-signature': expect.any(String) })
  expect(JSON.stringify(requests[0]?.headers)).not.toContain(secret)
})
