import { type Cluster, type StreamEvent, openRedis, volume, workerTest } from '@longhaul/testbed'
import { taskKeys } from '@longhaul/redis'
import { describe, expect, onTestFinished } from 'vitest'
import { newAgent } from '../../support/new-agent.ts'
import { script } from '../../support/orq-requests.ts'
import { unevenScripts } from '../../support/uneven-scripts.ts'
import { begin, idsOf, streamed, typesOf, watch } from '../../support/event-streams.ts'

const streams = volume({ short: 12, long: 100 })
const path = '/v2/agents/resumed/responses'

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
  .extend('urls', async ({ cluster, worker }) => {
    expect(worker.alive()).toBe(true)
    return [cluster.url, (await cluster.startApi()).url]
  })

describe('streams that are cut after every single event and resumed at two processes in turn', () => {
  test('equal uninterrupted ones, number by number', async ({ cluster, urls }) => {
    const pairs = await Promise.all(
      turns(async (turn) => {
        const task = Promise.withResolvers<string>()
        const whole = streamed(cluster, path, turn, task.resolve)
        return [
          await cutAndResumed(cluster, { task: await task.promise, urls }),
          await whole,
        ] as const
      }),
    )
    for (const [joined, whole] of pairs) {
      expect(whole.done).toBe(true)
      expect(typesOf(whole.events)).toContain('part.delta')
      expect(joined).toEqual(whole.events)
    }
  })

  test('have every text once, in a delta, when the model answers at once', async ({
    cluster,
    urls,
  }) => {
    const task = await begin(
      cluster,
      path,
      script({ reasoning: ['Let me ', 'see.'], text: ['It ', 'is.'] }),
    )
    const joined = await cutAndResumed(cluster, { task, urls })
    expect(joined).toEqual(
      (await watch(cluster, { url: cluster.url, path: `${path}/${task}/events` })).events,
    )
    const shown = joined.map(({ type, data }) => [type, data['delta'] ?? data['part']])
    const thought = { kind: 'reasoning', reasoning: 'Let me see.' }
    const text = { kind: 'text', text: 'It is.' }
    expect(shown.slice(1, -1)).toMatchObject([
      ['part.delta', thought],
      ['part.done', thought],
      ['part.delta', text],
      ['part.done', text],
    ])
    const redis = openRedis(cluster.redisUrl)
    onTestFinished(() => redis.disconnect())
    expect(await redis.exists(deltasOf(task))).toBe(0)
  })

  test('are the same, except for the deltas that have expired in between', async ({
    cluster,
    urls,
  }) => {
    const redis = openRedis(cluster.redisUrl)
    onTestFinished(() => redis.disconnect())
    await Promise.all(
      turns(async (turn, at) => {
        const task = await begin(cluster, path, turn)
        await cluster.call('GET', `${path}/${task}?wait=60`)
        const events = `${path}/${task}/events`
        const whole = await watch(cluster, { url: cluster.url, path: events })
        const seen = at % whole.events.length
        const recorded = await redis.xrange(deltasOf(task), '-', '+')
        const expiring = new Set(recorded.map(([id]) => Number.parseInt(id, 10)))
        const joined = await cutAndResumed(cluster, {
          task,
          urls,
          async before(cut) {
            if (cut === seen) expect(await redis.del(deltasOf(task))).toBe(1)
          },
        })
        const left = whole.events.filter(({ id }, place) => place < seen || !expiring.has(id))
        expect(joined).toEqual(left)
      }),
    )
  })

  test('have the text of GET when the worker is killed meanwhile', async ({
    cluster,
    urls,
    worker,
  }) => {
    // One is sure to be in the middle of its answer when the worker is killed.
    const stalls = script([{ text: ['Half '], fault: 'stall' }, { text: 'Whole.' }])
    const stalled = await begin(cluster, path, stalls)
    const tasks = [stalled, ...(await Promise.all(turns((turn) => begin(cluster, path, turn))))]
    const watched = tasks.map((task) => cutAndResumed(cluster, { task, urls }))
    const { requests } = cluster.model
    await expect.poll(() => requests.length).toBeGreaterThan(streams / 2)
    const half = await watch(cluster, {
      url: cluster.url,
      path: `${path}/${stalled}/events`,
      events: 2,
    })
    expect(typesOf(half.events)).toEqual(['response.started', 'part.delta'])
    await worker.kill()
    await cluster.startWorker(workerEnv)
    const joined = await Promise.all(watched)
    const abandoned = new Set<unknown>()
    for (const [at, events] of joined.entries()) {
      const { body } = await cluster.call('GET', `${path}/${tasks[at]}?include=messages`)
      expect(body).toMatchObject({ status: 'completed' })
      expect(textsOf(events)).toEqual(textsIn(body['output'] as Message[]))
      for (const { type, data } of events) if (type === 'part.delta') abandoned.add(data['partId'])
      for (const { type, data } of events)
        if (type === 'part.done') abandoned.delete(data['partId'])
      expect(idsOf(events)).toEqual([...new Set(idsOf(events))].toSorted((a, b) => a - b))
    }
    expect(abandoned.size).toBeGreaterThan(0)
  })
})

/** Runs this number of turns at once. */
function turns<T>(run: (turn: object, at: number) => Promise<T>): Promise<T>[] {
  return unevenScripts(streams).map((replies, at) => run(script(...replies), at))
}

type Cut = { task: string; urls: string[]; before?: (cut: number) => Promise<void> }

/** Reads all events of a task with a client that disconnects after each event and resumes at the other process. */
async function cutAndResumed(
  cluster: Cluster,
  { task, urls, before }: Cut,
): Promise<StreamEvent[]> {
  const joined: StreamEvent[] = []
  for (let cut = 0; ; cut += 1) {
    await before?.(cut)
    const url = urls[cut % urls.length] ?? ''
    const lastEventId = joined.at(-1)?.id ?? 0
    const once = { url, path: `${path}/${task}/events`, lastEventId, events: 1 }
    const { status, events } = await watch(cluster, once)
    if (status === 204) return joined
    expect([status, events.length]).toEqual([200, 1])
    joined.push(...events)
  }
}

type Part = { kind: string; text: string }
type Message = { role: string; parts: Part[] }

function textsOf(events: StreamEvent[]): string[] {
  const parts = events.filter(({ type }) => type === 'part.done').map(({ data }) => data['part'])
  return texts(parts as Part[])
}

/** The texts of the exchange, which follows the answer. */
function textsIn([answer, ...exchange]: Message[]): string[] {
  const said = exchange.filter(({ role }) => role === 'agent').flatMap(({ parts }) => texts(parts))
  expect(texts(answer?.parts ?? [])).toEqual(said.slice(-1))
  return said
}

function texts(parts: Part[]): string[] {
  return parts.filter(({ kind }) => kind === 'text').map(({ text }) => text)
}

/** The key that expires an hour after the end of the task. */
function deltasOf(task: string): string {
  return taskKeys(task).deltas
}
