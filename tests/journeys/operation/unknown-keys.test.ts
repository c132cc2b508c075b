import { expect } from 'vitest'
import { test as base } from '../../support/orq-test.ts'

/** A process that trusts the proxy headers of its test. */
const test = base.extend('url', { scope: 'file' }, async ({ lent }) => {
  const { url } = await lent.startApi({ TRUST_PROXY: 'loopback' })
  return url
})

function from(url: string, address: string) {
  return async (key: string | undefined, path = '/v2/agents') => {
    const headers = {
      'x-forwarded-for': address,
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
    }
    const reply = await fetch(url + path, { headers })
    const body = (await reply.json()) as Record<string, unknown>
    return { status: reply.status, headers: reply.headers, body }
  }
}

const wrong = (n: number) => `lh_${String(n).padStart(16, '0')}_is-nobodys-key`
const wrongToken = (n: number) =>
  `/v2/agents/a/responses/b/events?token=lhw_${String(n).padStart(64, '0')}`

test('after 30 unknown keys an address is refused, but for keys that are valid', async ({
  cluster,
  url,
}) => {
  const ask = from(url, '192.0.2.1')
  const statuses: number[] = []
  for (let n = 0; n < 32; n += 1) statuses.push((await ask(wrong(n))).status)
  expect(statuses).toEqual([...Array(30).fill(401), 429, 429])
  const refused = await ask(wrong(0))
  expect(refused.body).toMatchObject({
    code: '429',
    violated_policies: ['unknown_keys'],
    error: { code: 'rate_limited' },
  })
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60)
  // A malformed key does not count, and the error explains the form.
  expect((await ask(undefined)).status).toBe(401)
  expect((await ask(cluster.key)).status).toBe(200)
  expect((await ask(undefined, wrongToken(0))).status).toBe(429)
  expect((await ask(wrong(0), '/v2/admin/overview')).status).toBe(429)
  expect((await from(url, '192.0.2.2')(wrong(99))).status).toBe(401)
  const metrics = await (await fetch(`${url}/metrics`)).text()
  expect(metrics).toContain('longhaul_refused_total{policy="unknown_keys"} 5')
})

test('unknown watch tokens and operator keys also count, and an IPv6 network counts as one address', async ({
  url,
}) => {
  for (let n = 0; n < 15; n += 1) {
    const ask = from(url, `2001:db8::${n}`)
    expect((await ask(undefined, wrongToken(n))).status).toBe(401)
    expect((await ask(wrong(n), '/v2/admin/overview')).status).toBe(401)
  }
  expect((await from(url, '2001:db8::ffff')(wrong(1))).status).toBe(429)
  expect((await from(url, '2001:db8:0:1::1')(wrong(1))).status).toBe(401)
})

test('the URL of a watch token and a Location have the prefix from the proxy’s header', async ({
  cluster,
  url,
  agent,
}) => {
  const path = `/v2/agents/${agent}/responses`
  const message = { role: 'user', parts: [{ kind: 'text', text: 'hello' }] }
  const { body } = await cluster.call('POST', path, { message })
  const headers = { authorization: `Bearer ${cluster.key}`, 'x-forwarded-prefix': '/base' }
  const asked = `${path}/${String(body['task_id'])}/watch-token`
  const watched = async (at: string) => {
    const reply = await fetch(at + asked, { method: 'POST', headers })
    return String(((await reply.json()) as { url?: string }).url)
  }
  expect(await watched(url)).toMatch(new RegExp(`^/base${path}/\\w+/events\\?token=lhw_`))
  expect(await watched(cluster.url)).toMatch(new RegExp(`^${path}/`))
})
