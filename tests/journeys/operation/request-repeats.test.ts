import { randomUUID } from 'node:crypto'
import { type Cluster, clusterTest as test, type ScriptedReply } from '@longhaul/testbed'
import { describe, expect } from 'vitest'
import { scripted } from '../../support/openai-test.ts'

/** A client that sends the same headers with each try. */
const ai = { 'user-agent': 'ai/7.0.173 ai-sdk-provider-utils/5.0.81 node.js/24' }

/** A client that counts its tries. */
const openai = (count: number) => ({
  'user-agent': 'OpenAI/JS 7.59.0',
  'x-stainless-retry-count': String(count),
})

describe('a synchronous request of a client that sends no key', () => {
  test.for([
    { client: 'names no try', headers: ai, again: ai },
    { client: 'counts its tries', headers: openai(0), again: openai(1) },
  ])(
    'continues the turn of a request whose process was killed: a client that $client',
    async ({ headers, again }, { cluster }) => {
      const { url, kill } = await cluster.startApi()
      const { ask, calls } = createAsker(cluster, { delay: 3_000, text: 'Here.' })
      const lost = ask(url, headers).catch(() => 'lost')
      await expect.poll(calls).toBe(1)
      await kill()
      expect(await lost).toBe('lost')
      const { status, replayed } = await ask(cluster.url, again)
      expect([status, replayed, calls()]).toEqual([200, 'true', 1])
    },
  )

  test('continues the turn of a request whose client has disconnected, which gets the answer once', async ({
    cluster,
  }) => {
    const { ask, calls } = createAsker(cluster, { delay: 1_500, text: 'Here.' })
    const gone = new AbortController()
    const lost = ask(cluster.url, ai, gone.signal).catch(() => 'lost')
    await expect.poll(calls).toBe(1)
    gone.abort()
    expect(await lost).toBe('lost')
    await expect.poll(() => openStreamsOf(cluster.url)).toBe('0')
    expect(await ask(cluster.url, ai)).toMatchObject({ status: 200, replayed: 'true' })
    expect(calls()).toBe(1)
    // The answer was received, so the next one is another request.
    expect(await ask(cluster.url, ai)).toMatchObject({ status: 200, replayed: null })
    expect(calls()).toBe(2)
  })

  test('may ask for a stream, which is repeated until its output begins', async ({ cluster }) => {
    const other = await cluster.startApi()
    const reply = { delay: 1_500, chunkDelay: 500, text: ['Here ', 'it ', 'is.'] }
    const { ask, calls } = createAsker(cluster, reply, { stream: true })
    const stream = await ask(other.url, ai)
    await expect.poll(calls).toBe(1)
    await other.kill()
    expect(await stream.text().catch(() => 'cut')).toBe('cut')
    const again = await ask(cluster.url, ai)
    expect([again.replayed, calls()]).toEqual(['true', 1])
    await again.untilOutput()
    // The caller has disconnected, and has a part of the answer.
    await expect.poll(() => openStreamsOf(cluster.url)).toBe('0')
    expect((await ask(cluster.url, ai)).replayed).toBeNull()
  })

  test('gets an answer of its own while an identical one waits, at the same process and at another one', async ({
    cluster,
  }) => {
    const other = await cluster.startApi()
    const { ask, calls } = createAsker(cluster, { delay: 1_000, text: 'Here.' })
    const urls = [cluster.url, cluster.url, other.url, other.url]
    const replies = await Promise.all(urls.map((url) => ask(url, ai)))
    expect(new Set(replies.map(({ id }) => id)).size).toBe(4)
    expect(replies.map(({ replayed }) => replayed)).toEqual([null, null, null, null])
    expect(calls()).toBe(4)
  })

  test('does not get the turn of another key, another body or another client', async ({
    cluster,
  }) => {
    const { url, kill } = await cluster.startApi()
    const { ask, calls } = createAsker(cluster, { delay: 1_000, text: 'Here.' })
    const lost = ask(url, ai).catch(() => 'lost')
    await expect.poll(calls).toBe(1)
    await kill()
    await lost
    const first = openai(0)
    const python = { 'user-agent': 'OpenAI/Python 2.1.0', 'x-stainless-retry-count': '1' }
    for (const headers of [first, python, {}]) {
      expect(await ask(cluster.url, headers)).toMatchObject({ status: 200, replayed: null })
    }
  })
})

/** Sends one request as several clients; `calls` is how often the model was called for it. */
function createAsker({ key, model }: Cluster, reply: ScriptedReply, more: object = {}) {
  const id = randomUUID()
  const body = JSON.stringify({
    model: 'openai/scripted',
    instructions: id,
    input: scripted(reply),
    ...more,
  })
  return {
    calls: () =>
      model.requests.filter((request) => JSON.stringify(request.body).includes(id)).length,

    ask: async (url: string, client: Record<string, string>, signal?: AbortSignal) => {
      const headers = {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        ...client,
      }
      const given = signal ? { signal } : {}
      const sent = await fetch(`${url}/v1/responses`, { method: 'POST', headers, body, ...given })
      const [replayed, text] = [sent.headers.get('idempotent-replayed'), () => sent.text()]
      const untilOutput = async () => {
        let read = ''
        for await (const piece of sent.body?.pipeThrough(new TextDecoderStream()) ?? []) {
          read += piece
          if (read.includes('response.output_text.delta')) return
        }
      }
      const common = { status: sent.status, replayed, text, untilOutput }
      if ('stream' in more) return { ...common, id: '' }
      const { id: response } = JSON.parse(await text()) as { id: string }
      return { ...common, id: response }
    },
  }
}

async function openStreamsOf(url: string): Promise<string | undefined> {
  const metrics = await (await fetch(`${url}/metrics`)).text()
  return /longhaul_open_streams (\d+)/.exec(metrics)?.[1]
}
