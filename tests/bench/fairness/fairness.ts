import { withCleanup } from '@longhaul/testbed/servers'
import { startBenchRedis } from '../measure/bench-redis.ts'
import { type LoadGenerator, startLoadGenerator } from '../load/load.ts'
import { createAgent, pause, request, start } from '../product.ts'
import type { Bench } from '../report.ts'

const quietKey = 'lh_fedcba9876543210_for-benches-only'

/**
 * Measures how long the turns of one workspace take while another one has a long backlog, and how much memory the
 * backlog needs. The model answers at once.
 */
export const fairness: Bench = ({ quick, progress }) =>
  withCleanup(async (atEnd) => {
    const redis = await startBenchRedis()
    atEnd(() => redis.stop())
    const [noisyKey] = [request.headers.authorization.replace('Bearer ', '')]
    const env = { LONGHAUL_API_KEYS: `bench:${noisyKey},quiet:${quietKey}` }
    const api = await start('api', redis.url, { env })
    atEnd(() => api.stop())
    const worker = await start('worker', redis.url, { env })
    atEnd(() => worker.stop())
    const load = await startLoadGenerator()
    atEnd(() => load.stop())
    await createAgent(api.url)
    await createAgent(api.url, { key: quietKey })

    const [queued, times] = quick ? [200, 5] : [10_000, 200]
    const memory = async () =>
      Number(/^used_memory:(\d+)/m.exec(await redis.redis.info('memory'))?.[1])
    progress('turns of a workspace that is alone')
    await timesOfTurns(api.url, times)
    const alone = await timesOfTurns(api.url, times)
    const empty = await memory()
    await pause(api.url, true)
    await fill(api.url, queued, load)
    const full = await memory()
    progress(`turns of a workspace beside ${queued} queued turns of another one`)
    await pause(api.url, false)
    const beside = await timesOfTurns(api.url, times)
    const left = await redis.redis.zcard('{lh:s0}:backlog:bench:')
    const perTurn = Math.round((full - empty) / queued)
    return {
      bounds: [
        { what: 'a turn alone, ms', values: alone, share: 0.99, atMost: 1_000 },
        {
          what: `a turn beside ${queued} queued ones, ms`,
          values: beside,
          share: 0.99,
          atMost: 2_000,
        },
      ],
      faults: [],
      notes: [
        `queued turns of the other workspace at the end: ${left}`,
        `memory of Redis: ${Math.round(full / 2 ** 20)} MB with the backlog, ${perTurn} bytes for each queued turn with its task`,
      ],
    }
  })

async function fill(url: string, requests: number, load: LoadGenerator): Promise<void> {
  await load.run({ ...request, url: url + request.path, connections: 32, requests, ms: 60_000 })
}

/** Submits turns one after the other, and waits for each. Returns the times. */
async function timesOfTurns(url: string, count: number): Promise<number[]> {
  const body = JSON.stringify({ ...JSON.parse(request.body), background: false })
  const headers = { ...request.headers, authorization: `Bearer ${quietKey}` }
  const found: number[] = []
  for (let turn = 0; turn < count; turn += 1) {
    const startedAt = performance.now()
    const reply = await fetch(url + request.path, { method: 'POST', headers, body })
    const text = await reply.text()
    if (!reply.ok) throw new Error(`${request.path} answered ${reply.status}: ${text}`)
    found.push(performance.now() - startedAt)
  }
  return found
}
