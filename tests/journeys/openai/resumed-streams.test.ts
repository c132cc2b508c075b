import { taskKeys } from '@longhaul/redis'
import { type Cluster, openRedis, volume, workerTest } from '@longhaul/testbed'
import OpenAI from 'openai'
import type { ResponseStreamEvent } from 'openai/resources/responses/responses'
import { describe, expect, onTestFinished } from 'vitest'
import { newAgent } from '../../support/new-agent.ts'
import { scripted } from '../../support/openai-test.ts'
import { unevenScripts } from '../../support/uneven-scripts.ts'

const streams = volume({ short: 6, long: 30 })
const model = 'agent/resumed'

/** A short lock, so that another worker takes over soon. */
const workerEnv = { LONGHAUL_LOCK_MS: '2000' }

const test = workerTest
  .extend('workspace', { scope: 'file' }, async ({ lent }) => {
    const settings = { tools: [{ type: 'current_date' }] }
    await lent.call('POST', '/v2/agents', { ...newAgent(), key: 'resumed', settings })
    return lent
  })
  .extend('worker', ({ cluster }) => cluster.startWorker(workerEnv))
  /** The URLs of two API processes. A worker also runs. */
  .extend('clients', async ({ cluster, worker }) => {
    expect(worker.alive()).toBe(true)
    return [clientOf(cluster, cluster.url), clientOf(cluster, (await cluster.startApi()).url)]
  })

function clientOf({ key }: Cluster, url: string): OpenAI {
  return new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0 })
}

describe('streams that are cut after every single event and resumed at two processes in turn', () => {
  test('equal uninterrupted ones when joined, event for event and number for number', async ({
    clients,
  }) => {
    const pairs = await Promise.all(
      turns(async (input) => {
        const id = Promise.withResolvers<string>()
        const whole = wholeOf(clients[0]!, input, id.resolve)
        return [await cutAndResumed(clients, { id: await id.promise }), await whole] as const
      }),
    )
    for (const [joined, whole] of pairs) {
      expect(whole.filter(({ type }) => isDelta(type)).length).toBeGreaterThan(0)
      expect(numbersOf(whole)).toEqual(whole.map((_, at) => at))
      expect(joined).toEqual(whole)
    }
  })

  test('are the same, except for the deltas that have expired in between', async ({
    cluster,
    clients,
  }) => {
    const redis = openRedis(cluster.redisUrl)
    onTestFinished(() => redis.disconnect())
    const [client] = clients as [OpenAI]
    await Promise.all(
      turns(async (input, at) => {
        const whole = await wholeOf(client, input)
        const [first] = whole
        const id = first?.type === 'response.created' ? first.response.id : ''
        const seen = at % whole.length
        const joined = await cutAndResumed(clients, {
          id,
          async before(cut) {
            if (cut === seen) expect(await redis.del(deltasOf(id))).toBe(1)
          },
        })
        const left = whole.filter(({ type }, place) => place < seen || !isDelta(type))
        expect(joined).toEqual(left)
      }),
    )
  })

  test('end with the text that GET gives when the worker is killed meanwhile', async ({
    cluster,
    clients,
    worker,
  }) => {
    const [client] = clients as [OpenAI]
    const begin = (input: string) => client.responses.create({ model, background: true, input })
    // One is sure to be in the middle of its answer when the worker is killed.
    const stalls = scripted([{ text: ['Half '], fault: 'stall' }, { text: 'Whole.' }])
    const stalled = await begin(stalls)
    const made = [stalled, ...(await Promise.all(turns(begin)))]
    const watched = made.map(({ id }) => cutAndResumed(clients, { id }))
    const helped = made.map(({ id }) =>
      client.responses.stream({ response_id: id }).finalResponse(),
    )
    const { requests } = cluster.model
    await expect.poll(() => requests.length).toBeGreaterThan(streams / 2)
    for await (const { type } of await client.responses.retrieve(stalled.id, { stream: true })) {
      if (isDelta(type)) break
    }
    await worker.kill()
    await cluster.startWorker(workerEnv)
    let abandoned = 0
    for (const [at, { id }] of made.entries()) {
      const events = (await watched[at]) ?? []
      const read = await client.responses.retrieve(id)
      expect(read.status).toBe('completed')
      // The final event, the events of its items, and what the SDK accumulates agree.
      expect(textOf(accumulated(events))).toBe(read.output_text)
      expect(accumulated(events)).toEqual(read.output)
      expect(await helped[at]).toMatchObject({
        output_text: read.output_text,
        output: read.output,
      })
      expect(numbersOf(events)).toEqual(events.map((_, place) => place))
      abandoned += read.output.filter(
        (item) => 'status' in item && item.status === 'incomplete',
      ).length
    }
    expect(abandoned).toBeGreaterThan(0)
  })
})

/** Runs this number of turns at once. */
function turns<T>(run: (input: string, at: number) => Promise<T>): Promise<T>[] {
  return unevenScripts(streams).map((replies, at) => run(scripted(...replies), at))
}

/** Reads the stream of a new response to its end. `begun` receives its id. */
async function wholeOf(
  client: OpenAI,
  input: string,
  begun: (id: string) => void = () => {},
): Promise<ResponseStreamEvent[]> {
  const events: ResponseStreamEvent[] = []
  for await (const event of await client.responses.create({ model, input, stream: true })) {
    events.push(event)
    if (event.type === 'response.created') begun(event.response.id)
  }
  return events
}

type Cut = { id: string; before?: (cut: number) => Promise<void> }

/** Reads all events of a response with a client that disconnects after each event and resumes at the other process. */
async function cutAndResumed(
  clients: OpenAI[],
  { id, before }: Cut,
): Promise<ResponseStreamEvent[]> {
  const joined: ResponseStreamEvent[] = []
  for (let cut = 0; ; cut += 1) {
    await before?.(cut)
    const last = joined.at(-1)?.sequence_number
    const stream = await clients[cut % clients.length]!.responses.retrieve(id, {
      stream: true,
      ...(last !== undefined && { starting_after: last }),
    })
    const length = joined.length
    for await (const event of stream) {
      joined.push(event)
      break
    }
    if (joined.length === length) return joined
  }
}

/** The state of a client that keeps the latest version of each item. */
function accumulated(events: ResponseStreamEvent[]): OpenAI.Responses.ResponseOutputItem[] {
  const items: OpenAI.Responses.ResponseOutputItem[] = []
  for (const event of events) {
    if (event.type === 'response.output_item.done') items[event.output_index] = event.item
  }
  return items
}

function textOf(items: OpenAI.Responses.ResponseOutputItem[]): string {
  return items
    .flatMap((item) => (item.type === 'message' ? item.content : []))
    .map((part) => (part.type === 'output_text' ? part.text : ''))
    .join('')
}

function numbersOf(events: ResponseStreamEvent[]): number[] {
  return events.map((event) => event.sequence_number)
}

function isDelta(type: string): boolean {
  return type === 'response.output_text.delta' || type === 'response.reasoning_text.delta'
}

/** The key that expires an hour after the end of the task. */
function deltasOf(id: string): string {
  return taskKeys(id.slice('resp_'.length, -4)).deltas
}
