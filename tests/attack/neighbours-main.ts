import { readEvents, startScriptedModel } from '@longhaul/testbed/servers'
import { setTimeout as sleep } from 'node:timers/promises'
import type { NeighbourOrder, NeighbourRecord } from './neighbour-record.ts'

const submitEvery = 250
const readEvery = 100
const healthEvery = 100
const patience = 15_000

const asked = new Map<string, number>()
const model = await startScriptedModel({
  keep: 100,
  decide({ idempotencyKey }) {
    if (idempotencyKey !== undefined) {
      asked.set(idempotencyKey, (asked.get(idempotencyKey) ?? 0) + 1)
    }
    return undefined
  },
})

let running: ReturnType<typeof beginWork> | undefined
process.on('disconnect', () => process.exit())
process.on('message', (order: NeighbourOrder) => {
  if ('begin' in order) {
    running = beginWork(order.begin)
    void running.begun.then(() => process.send?.('begun'))
  } else {
    void running?.end(order.end.patienceMs).then((record) => process.send?.(record))
  }
})
process.send?.(model.url)

type Target = Extract<NeighbourOrder, { begin: unknown }>['begin']

/** The work of a neighbouring workspace: small submissions, reads, a list, and one open stream at any time. */
function beginWork({ url, key, health, modelDelays, words }: Target) {
  const over = new AbortController()
  asked.clear()
  const waiting = new Map<string, { since: number; delay: number }>()
  const tasks: string[] = []
  const failures: string[] = []
  let failed = 0
  let lateStreams = 0
  let requests = 0
  let worstRequest = 0
  let worstTurn = 0
  const worstHealth: Record<string, number> = {}
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  const responses = '/v2/agents/neighbour/responses'

  function fail(what: string): void {
    failed += 1
    if (failures.length < 10) failures.push(what)
  }

  async function ask(method: string, path: string, body?: unknown) {
    const startedAt = performance.now()
    requests += 1
    try {
      const response = await fetch(url + path, {
        method,
        headers,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(patience),
      })
      const text = await response.text()
      if (!response.ok) fail(`${response.status} ${method} ${path}: ${text.slice(0, 150)}`)
      return response.ok ? (JSON.parse(text) as Record<string, unknown>) : undefined
    } catch (error) {
      fail(`no reply to ${method} ${path}: ${String(error)}`)
      return undefined
    } finally {
      worstRequest = Math.max(worstRequest, performance.now() - startedAt)
    }
  }

  async function submit(count: number): Promise<void> {
    const delay = modelDelays[count % modelDelays.length] ?? 0
    const since = performance.now()
    const body = { background: true, message: message({ delay, text: 'done' }) }
    const reply = await ask('POST', responses, body)
    if (reply === undefined) return
    const task = String(reply['task_id'])
    tasks.push(task)
    waiting.set(task, { since, delay })
  }

  async function read(): Promise<void> {
    // Reads the oldest task, and then moves it to the end of the queue.
    const [task, turn] = waiting.entries().next().value ?? []
    if (task === undefined || turn === undefined) return
    waiting.delete(task)
    const reply = await ask('GET', `${responses}/${task}`)
    const status = reply?.['status']
    if (status === 'completed') {
      worstTurn = Math.max(worstTurn, performance.now() - turn.since - turn.delay)
    } else {
      if (status === 'failed') fail(`a turn failed: ${String(reply?.['error'])}`)
      else waiting.set(task, turn)
    }
  }

  async function stream(): Promise<void> {
    const text = Array.from({ length: words }, () => 'word ')
    const body = { stream: true, message: message({ text, chunkDelay: 100 }) }
    try {
      const signal = AbortSignal.timeout(patience)
      const sent = { method: 'POST', headers, body: JSON.stringify(body), signal }
      const response = await fetch(url + responses, sent)
      let last: unknown
      if (response.ok) for await (const event of readEvents(response)) last = event
      if (last !== 'done') fail(`a stream was answered ${response.status} and not ended`)
    } catch (error) {
      if (error instanceof Error && error.name === 'TimeoutError') lateStreams += 1
      else fail(`a stream was cut off: ${String(error)}`)
    }
  }

  async function checkHealth({ name, url: at }: { name: string; url: string }): Promise<void> {
    const startedAt = performance.now()
    try {
      await (await fetch(`${at}/healthz`, { signal: AbortSignal.timeout(patience) })).text()
    } catch {
      // The testbed reports a process that has died.
    }
    worstHealth[name] = Math.max(worstHealth[name] ?? 0, performance.now() - startedAt)
  }

  async function every(ms: number, work: (count: number) => Promise<void>): Promise<void> {
    for (let count = 0; !over.signal.aborted; count += 1) {
      await work(count)
      await sleep(ms, undefined, { signal: over.signal }).catch(() => {})
    }
  }

  /** Submits turns on schedule, however slow earlier submissions are, with at most 20 open at once. */
  async function submitAll(): Promise<void> {
    const open = new Set<Promise<void>>()
    await every(submitEvery, async (count) => {
      if (open.size >= 20) return
      const submission = submit(count).finally(() => open.delete(submission))
      open.add(submission)
    })
    await Promise.all(open)
  }

  const firstSubmission = Promise.withResolvers<void>()

  async function begin(): Promise<unknown> {
    await ask('POST', '/v2/agents', {
      key: 'neighbour',
      role: 'Neighbour',
      description: 'Works.',
      instructions: 'Work.',
      path: 'Default',
      model: 'neighbour/scripted',
      settings: {},
    })
    // An earlier attack may have created the agent: that failure does not count.
    failures.length = 0
    failed = 0
    await submit(0)
    firstSubmission.resolve()
    return await Promise.all([
      submitAll(),
      every(readEvery, read),
      every(1_000, async () => void (await ask('GET', '/v2/responses?limit=20'))),
      every(0, stream),
      ...health.map((each) => every(healthEvery, () => checkHealth(each))),
    ])
  }

  const started = begin()
  return {
    /** Resolves when the work has begun. */
    begun: firstSubmission.promise,
    async end(patienceMs: number): Promise<NeighbourRecord> {
      over.abort()
      await started
      const until = performance.now() + patienceMs
      while (waiting.size > 0 && performance.now() < until) {
        await read()
        await sleep(20)
      }
      const repeatedCalls = [...asked.values()].reduce((sum, count) => sum + count - 1, 0)
      return {
        tasks,
        unfinished: waiting.size + lateStreams,
        failures,
        failed,
        requests,
        repeatedCalls,
        worstRequest,
        worstTurn,
        worstHealth,
      }
    },
  }
}

function message(reply: object) {
  const text = JSON.stringify({ script: [reply] })
  return { role: 'user', parts: [{ kind: 'text', text }] }
}
