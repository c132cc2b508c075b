import { rateLimited } from '@longhaul/core'
import { createMetrics, type Logger } from '@longhaul/process'
import { expect, test } from 'vitest'
import { createRefusals } from './refusal-log.ts'
import { doc, serve, withKey } from './test-server.fixture.ts'

const nothing = () => {}

function logger() {
  const lines: object[] = []
  const write = (fields: object, message: string) => lines.push({ ...fields, message })
  const log = { warn: write, info: nothing, debug: nothing, error: nothing } as unknown as Logger
  return { log, lines }
}

test('each refusal is counted, and each caller and policy has one line in a minute', async () => {
  const { log, lines } = logger()
  const metrics = createMetrics()
  const clock = { time: 1_000 }
  const refused = createRefusals({ log, metrics, now: () => clock.time })
  for (let n = 0; n < 3; n += 1) {
    refused('streams', { workspace: 'acme', keyId: 'a', address: '192.0.2.1' })
    refused('streams', { workspace: 'acme', keyId: 'b', address: '192.0.2.1' })
    refused('unknown_keys', { address: '192.0.2.1' })
  }
  expect(lines).toEqual([
    expect.objectContaining({ policy: 'streams', key_id: 'a', workspace: 'acme' }),
    expect.objectContaining({ policy: 'streams', key_id: 'b' }),
    expect.objectContaining({ policy: 'unknown_keys', address: '192.0.2.1' }),
  ])
  clock.time += 60_000
  refused('streams', { keyId: 'a' })
  expect(lines).toHaveLength(4)
  const text = await metrics.render()
  expect(text).toContain('longhaul_refused_total{policy="streams"} 7')
  expect(text).toContain('longhaul_refused_total{policy="unknown_keys"} 3')
})

test.each([
  [0, '1', '1'],
  [0.25, '1', '250'],
  [1.2, '2', '1200'],
  [3_600, '60', '60000'],
])('a refusal for %s seconds has Retry-After %s', async (seconds, header, ms) => {
  const { log, lines } = logger()
  const { url } = await serve(
    [
      {
        method: 'get',
        path: '/v2/refused',
        doc,
        handle: () => Promise.reject(rateLimited(['agents'], 'Too many agents.', seconds)),
      },
    ],
    { log },
  )
  const reply = await fetch(`${url}/v2/refused`, { headers: withKey })
  expect(reply.status).toBe(429)
  expect(reply.headers.get('retry-after')).toBe(header)
  expect(reply.headers.get('retry-after-ms')).toBe(ms)
  expect(await reply.json()).toMatchObject({
    message: 'Too many agents.',
    violated_policies: ['agents'],
    error: { code: 'rate_limited' },
  })
  expect(lines).toEqual([
    expect.objectContaining({
      policy: 'agents',
      key_id: 'acme01234567',
      message: 'refused by a limit',
    }),
  ])
})
