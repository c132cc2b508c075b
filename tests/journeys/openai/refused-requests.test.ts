import { workerTest } from '@longhaul/testbed'
import { Orq } from '@orq-ai/node'
import { randomUUID } from 'node:crypto'
import OpenAI from 'openai'
import { describe, expect } from 'vitest'
import { newAgent } from '../../support/new-agent.ts'
import { user } from '../../support/orq-requests.ts'
import { setLimits } from '../../support/set-limits.ts'

/** An API without a worker: submitted turns wait. `replies` are those that the clients have received. */
const test = workerTest
  .extend('workspace', { scope: 'file' }, async ({ lent }) => {
    await lent.call('POST', '/v2/agents', { ...newAgent(), key: 'held' })
    return lent
  })
  .extend('replies', (): { status: number; retryAfterMs: number; at: number }[] => [])
  .extend('counted', ({ replies }) => async (...[input, init]: Parameters<typeof fetch>) => {
    const reply = await fetch(input, init)
    const retryAfterMs = Number(reply.headers.get('retry-after-ms'))
    replies.push({ status: reply.status, retryAfterMs, at: performance.now() })
    return reply
  })
  .extend(
    'openai',
    ({ cluster, counted }) =>
      new OpenAI({ baseURL: `${cluster.url}/v1`, apiKey: cluster.key, fetch: counted }),
  )

const model = 'agent/held'
const background = { model, input: 'hello', background: true }

describe('the official SDKs', () => {
  test('of OpenAI waits as long as a refusal says, and then succeeds', async ({
    cluster,
    openai,
    replies,
  }) => {
    await setLimits(cluster, { requests_per_second: 4, burst: 1 })
    await openai.responses.create(background)
    const response = await openai.responses.create(background)
    expect(response.status).toBe('queued')
    expect(replies.map(({ status }) => status)).toEqual([200, 429, 200])
    const [, refused, accepted] = replies
    const waitedMs = (accepted?.at ?? 0) - (refused?.at ?? 0)
    expect(waitedMs).toBeGreaterThanOrEqual((refused?.retryAfterMs ?? Infinity) - 1)
  })

  test('of orq waits as long as a refusal says, and then succeeds', async ({ cluster }) => {
    await setLimits(cluster, { requests_per_second: 4, burst: 1 })
    const orq = new Orq({
      serverURL: cluster.url,
      apiKey: cluster.key,
      retryConfig: {
        strategy: 'backoff',
        // Without a time in the refusal, the SDK would wait for this long.
        backoff: {
          initialInterval: 90_000,
          maxInterval: 90_000,
          exponent: 2,
          maxElapsedTime: 100_000,
        },
      },
    })
    for (let time = 0; time < 3; time += 1) {
      const reply = await orq.agents.responses.create({ background: true, ...user('hi') }, 'held')
      expect(reply).toMatchObject({ taskId: expect.any(String) })
    }
  })

  test('of OpenAI does not repeat a conflict', async ({ openai, replies }) => {
    const once = { headers: { 'Idempotency-Key': randomUUID() } }
    const { id } = await openai.responses.create(background, once)
    await openai.responses.cancel(id)
    await openai.responses.create({ ...background, previous_response_id: id })
    await openai.responses.delete(id)
    replies.length = 0
    const again = openai.responses.create(background, once)
    await expect(again).rejects.toMatchObject({ status: 409 })
    expect(replies.map(({ status }) => status)).toEqual([409])
  })
})
