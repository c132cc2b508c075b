import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { type Cluster, clusterTest as test, type ScriptedReply } from '@longhaul/testbed'
import { describe, expect } from 'vitest'
import { scripted } from '../../support/openai-test.ts'

/** The settings of an API process whose calls get the head of their reply early. */
const early = { LONGHAUL_SYNC_WAIT: '100ms' }

describe('a call of the OpenAI dialect that waits during a shutdown', () => {
  test('receives the answer when it comes within the drain', async ({ cluster }) => {
    const going = await cluster.startApi({ ...early, LONGHAUL_DRAIN_MS: '20000' })
    const reply = await create(cluster, going.url, { delay: 1_500, text: 'Done.' })
    const [code, body] = await Promise.all([going.stop(), reply.json()])
    expect(code).toBe(0)
    expect(body).toMatchObject({ status: 'completed', output: [{ content: [{ text: 'Done.' }] }] })
  })

  test('receives a failed response when no answer comes, and the turn continues', async ({
    cluster,
  }) => {
    const going = await cluster.startApi({ ...early, LONGHAUL_DRAIN_MS: '200' })
    const reply = await create(cluster, going.url, { delay: 3_000, text: 'Late.' })
    const [code, body] = await Promise.all([going.stop(), reply.json()])
    expect(code).toBe(0)
    expect(body).toMatchObject({
      status: 'failed',
      error: { code: 'server_error', message: expect.stringMatching(/^wait_expired: /) as string },
    })
    const { id } = body as { id: string }
    expect(await endOf(cluster, id)).toMatchObject({ status: 'completed', error: null })
  })

  test('receives the answer within the drain also while no head has been sent', async ({
    cluster,
  }) => {
    const going = await cluster.startApi({ LONGHAUL_DRAIN_MS: '20000' })
    const before = cluster.model.requests.length
    const asked = create(cluster, going.url, { delay: 1_500, text: 'Done.' })
    await expect.poll(() => cluster.model.requests.length).toBe(before + 1)
    const [reply, code] = await Promise.all([asked, going.stop()])
    expect([reply.status, code]).toEqual([200, 0])
    expect(await reply.json()).toMatchObject({ output: [{ content: [{ text: 'Done.' }] }] })
  })

  test.for([
    { sends: 'no key', status: 400, code: 'wait_expired', headers: {} },
    {
      sends: 'a key',
      status: 503,
      code: 'unavailable',
      headers: { 'idempotency-key': 'shutdown' },
    },
    {
      sends: 'no key, but repeats what it has sent',
      status: 503,
      code: 'unavailable',
      headers: { 'user-agent': 'langchainjs-openai/1.0.0', 'x-stainless-retry-count': '0' },
    },
  ])(
    'is an error after the drain, which is repeated only by a client that $sends: $status',
    async ({ status, code, headers }, { cluster }) => {
      const going = await cluster.startApi({ LONGHAUL_DRAIN_MS: '200' })
      const before = cluster.model.requests.length
      const slow = { delay: 2_000, text: `Late, ${status}.` }
      const asked = create(cluster, going.url, slow, headers)
      await expect.poll(() => cluster.model.requests.length).toBe(before + 1)
      const [reply, exitCode] = await Promise.all([asked, going.stop()])
      expect([reply.status, exitCode]).toEqual([status, 0])
      const body = (await reply.json()) as { response_id: string; error: { code: string } }
      expect(body.error.code).toBe(code)
      const { response_id: id } = body
      expect(reply.headers.get('location')).toBe(`/v1/responses/${id}`)
      expect(await endOf(cluster, id)).toMatchObject({ status: 'completed' })
      if (status !== 503) return
      const repeated = await create(cluster, cluster.url, slow, headers)
      expect(await repeated.json()).toMatchObject({ id, status: 'completed' })
    },
  )

  test('keeps no process waiting after its client has disconnected', async ({ cluster }) => {
    const going = await cluster.startApi({ ...early, LONGHAUL_DRAIN_MS: '600000' })
    // Without an agent no further connection is opened, which the shutdown would wait for.
    const asked = request(`${going.url}/v1/responses`, {
      method: 'POST',
      headers: headersOf(cluster),
      agent: false,
    })
    asked.on('error', () => {}).end(bodyOf({ delay: 2_000, text: 'Late.' }))
    const [{ headers }] = (await once(asked, 'response')) as [IncomingMessage]
    expect(await openStreamsOf(going.url)).toBe('1')
    asked.destroy()
    await expect.poll(() => openStreamsOf(going.url)).toBe('0')
    expect(await going.stop()).toBe(0)
    const id = headers.location?.replace(/.*\//, '') ?? ''
    expect(await endOf(cluster, id)).toMatchObject({ status: 'completed' })
  })
})

async function create(
  cluster: Cluster,
  url: string,
  reply: ScriptedReply,
  more: Record<string, string> = {},
) {
  const [headers, body] = [{ ...headersOf(cluster), ...more }, bodyOf(reply)]
  return await fetch(`${url}/v1/responses`, { method: 'POST', headers, body })
}

function bodyOf(reply: ScriptedReply): string {
  return JSON.stringify({ model: 'openai/scripted', input: scripted(reply) })
}

const headersOf = ({ key }: Cluster) => ({
  authorization: `Bearer ${key}`,
  'content-type': 'application/json',
})

async function endOf(cluster: Cluster, id: string) {
  const { body } = await cluster.call('GET', `/v1/responses/${id}?wait=60`)
  return body
}

async function openStreamsOf(url: string): Promise<string | undefined> {
  const metrics = await (await fetch(`${url}/metrics`)).text()
  return /longhaul_open_streams (\d+)/.exec(metrics)?.[1]
}
