import { withCleanup } from '@longhaul/testbed/servers'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { quantile } from '../bounds.ts'
import { type LoadGenerator, startLoadGenerator } from '../load/load.ts'
import { startBenchRedis } from '../measure/bench-redis.ts'
import { createAgent, request, start } from '../product.ts'
import type { Bench } from '../report.ts'
import { until } from '../until.ts'

const quietKey = 'lh_fedcba9876543210_for-benches-only'

/**
 * Measures how long an event takes from the end of its turn to its receiver: alone, and beside another workspace whose
 * receiver hangs with many events behind it. The model answers at once.
 */
export const webhooks: Bench = ({ quick, progress }) =>
  withCleanup(async (atEnd) => {
    const redis = await startBenchRedis()
    atEnd(() => redis.stop())
    const noisyKey = request.headers.authorization.replace('Bearer ', '')
    const env = {
      LONGHAUL_API_KEYS: `bench:${noisyKey},quiet:${quietKey}`,
      LONGHAUL_EGRESS_ALLOW: '127.0.0.1',
      LONGHAUL_SECRET_KEY: Buffer.alloc(32, 1).toString('base64'),
    }
    const api = await start('api', redis.url, { env })
    atEnd(() => api.stop())
    const worker = await start('worker', redis.url, { env })
    atEnd(() => worker.stop())
    const load = await startLoadGenerator()
    atEnd(() => load.stop())
    await createAgent(api.url)
    await createAgent(api.url, { key: quietKey })
    const arrivals = new Map<string, number>()
    const quickly = await receive((task, response) => {
      arrivals.set(task, performance.now())
      response.end()
    })
    atEnd(() => quickly.close())
    const hanging = await receive(() => {})
    atEnd(() => hanging.close())
    await createEndpoint(api.url, quietKey, quickly.url)

    const [waiting, times] = quick ? [200, 5] : [10_000, 100]
    const measure = () => timesOfEvents(api.url, times, arrivals)
    progress('events of a workspace that is alone')
    await measure()
    const alone = await measure()
    await createEndpoint(api.url, noisyKey, hanging.url)
    progress(`events beside ${waiting} events of a receiver that hangs`)
    await fill(api.url, waiting, load)
    await until(async () => {
      const [key = ''] = await redis.redis.keys('{lh:w:bench}:webhook:*:waiting')
      return (await redis.redis.zcard(key)) >= waiting
    })
    const beside = await measure()
    const what = `an event beside ${waiting} events of a receiver that hangs, ms`
    return {
      bounds: [
        { what: 'an event alone, ms', values: alone, share: 0.95, atMost: 2_000 },
        { what, values: beside, share: 0.95, atMost: 2 * quantile(alone, 0.95) },
      ],
      faults: hanging.most() > 5 ? [`the receiver that hangs had ${hanging.most()} requests`] : [],
      notes: ['from the reply to a synchronous turn to the arrival of its event'],
    }
  })

/** A receiver of events. `answer` gets the task of each. */
async function receive(answer: (task: string, response: ServerResponse) => void) {
  let [open, most] = [0, 0]
  const server = createServer((incoming, response) => {
    open += 1
    most = Math.max(most, open)
    response.on('close', () => {
      open -= 1
    })
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const event = JSON.parse(Buffer.concat(chunks).toString()) as { data: { task_id: string } }
      answer(event.data.task_id, response)
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    most: () => most,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

async function createEndpoint(url: string, key: string, target: string): Promise<void> {
  const body = { name: 'bench', url: target, event_types: ['response.completed'] }
  await post(`${url}/v1/webhook_endpoints`, key, JSON.stringify(body))
}

async function post(url: string, key: string, body: string): Promise<Record<string, unknown>> {
  const headers = { ...request.headers, authorization: `Bearer ${key}` }
  const reply = await fetch(url, { method: 'POST', headers, body })
  const text = await reply.text()
  if (!reply.ok) throw new Error(`${url} answered ${reply.status}: ${text}`)
  return JSON.parse(text) as Record<string, unknown>
}

async function fill(url: string, requests: number, load: LoadGenerator): Promise<void> {
  await load.run({ ...request, url: url + request.path, connections: 32, requests, ms: 60_000 })
}

/** Runs turns one after the other, and waits for the event of each. Returns the times. */
async function timesOfEvents(
  url: string,
  count: number,
  arrivals: Map<string, number>,
): Promise<number[]> {
  const body = JSON.stringify({ ...JSON.parse(request.body), background: false })
  const found: number[] = []
  for (let turn = 0; turn < count; turn += 1) {
    const { task_id: task } = await post(url + request.path, quietKey, body)
    const endedAt = performance.now()
    await until(() => Promise.resolve(arrivals.has(String(task))))
    found.push(Math.max(0, (arrivals.get(String(task)) ?? 0) - endedAt))
  }
  return found
}
