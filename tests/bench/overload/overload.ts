import { withCleanup } from '@longhaul/testbed/servers'
import { setTimeout as sleep } from 'node:timers/promises'
import { startBenchRedis } from '../measure/bench-redis.ts'
import { createAgent, request, start } from '../product.ts'
import type { Bench } from '../report.ts'
import { until } from '../until.ts'

/** What the senders have seen. */
type Seen = {
  accepted: string[]
  acceptMs: number[]
  refusals: Map<number, number>
  readMs: number[]
  faults: string[]
}

/**
 * Submits more than a workspace's backlog may hold, for some seconds. Each submission is accepted, or refused with the
 * time after which it may be repeated; reads and cancels succeed; and everything that was accepted ends.
 */
export const overload: Bench = ({ quick, progress }) =>
  withCleanup(async (atEnd) => {
    const redis = await startBenchRedis()
    atEnd(() => redis.stop())
    const [queued, ms, senders] = quick ? [20, 1_000, 8] : [1_000, 20_000, 64]
    const env = { LONGHAUL_LIMITS: JSON.stringify({ queued }), LONGHAUL_CONCURRENCY: '10' }
    const api = await start('api', redis.url, { env })
    atEnd(() => api.stop())
    const worker = await start('worker', redis.url, { env })
    atEnd(() => worker.stop())
    await createAgent(api.url)

    const seen: Seen = { accepted: [], acceptMs: [], refusals: new Map(), readMs: [], faults: [] }
    progress(`${senders} clients submit for ${ms / 1_000} seconds`)
    const endsAt = performance.now() + ms
    const isOver = () => performance.now() >= endsAt
    await Promise.all([
      ...Array.from({ length: senders }, () => keepSubmitting(api.url, { seen, isOver })),
      keepReading(api.url, { seen, isOver }),
    ])
    const memory = /^used_memory_human:(\S+)/m.exec(await redis.redis.info('memory'))?.[1]
    progress(`${seen.accepted.length} turns were accepted: waiting for their ends`)
    const startedAt = performance.now()
    const live = () => redis.redis.zcard('{lh:s0}:deadlines')
    await until(async () => (await live()) === 0, 50)
    const drainMs = performance.now() - startedAt
    const refused = [...seen.refusals].map(([status, count]) => `${count} × ${status}`)
    return {
      bounds: [
        { what: 'accepted, ms', values: seen.acceptMs, share: 0.99, atMost: 2_000 },
        {
          what: 'read or cancelled meanwhile, ms',
          values: seen.readMs,
          share: 0.99,
          atMost: 2_000,
        },
      ],
      faults: [...new Set(seen.faults)],
      notes: [
        `accepted: ${seen.accepted.length}; refused: ${refused.join(', ') || 'none'}`,
        `memory of Redis at the end of the load: ${memory}; the backlog was empty ${Math.round(drainMs)} ms later`,
      ],
    }
  })

type Sending = { seen: Seen; isOver: () => boolean }

async function keepSubmitting(url: string, { seen, isOver }: Sending): Promise<void> {
  const { headers, body } = request
  while (!isOver()) {
    const startedAt = performance.now()
    const reply = await fetch(url + request.path, { method: 'POST', headers, body })
    const text = await reply.text()
    if (reply.ok) {
      seen.acceptMs.push(performance.now() - startedAt)
      seen.accepted.push(String((JSON.parse(text) as { task_id: unknown }).task_id))
      continue
    }
    seen.refusals.set(reply.status, (seen.refusals.get(reply.status) ?? 0) + 1)
    if (reply.status !== 429 && reply.status !== 503)
      seen.faults.push(`a submit got ${reply.status}: ${text}`)
    if (reply.headers.get('retry-after') === null)
      seen.faults.push(`a refusal with ${reply.status} has no Retry-After`)
    // An impatient client: it waits far less than it is told to.
    await sleep(20)
  }
}

/** Reads the latest accepted task, and cancels each tenth one. */
async function keepReading(url: string, { seen, isOver }: Sending): Promise<void> {
  for (let read = 0; !isOver(); read += 1) {
    const task = seen.accepted.at(-1)
    if (task !== undefined) {
      const cancels = read % 10 === 9
      const path = `${url}${request.path}/${task}${cancels ? '/cancel' : ''}`
      const startedAt = performance.now()
      const { headers } = request
      const reply = await fetch(path, { method: cancels ? 'POST' : 'GET', headers })
      seen.readMs.push(performance.now() - startedAt)
      if (!reply.ok) seen.faults.push(`${cancels ? 'a cancel' : 'a read'} got ${reply.status}`)
      await reply.text()
    }
    await sleep(20)
  }
}
