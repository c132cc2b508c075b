import { taskKeys } from '@longhaul/redis'
import { killClients, startCluster, test as base, volume } from '@longhaul/testbed'
import type { Redis } from 'ioredis'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { newAgent } from '../../support/new-agent.ts'
import { script } from '../../support/orq-requests.ts'
import { begin, typesOf, watch } from '../../support/event-streams.ts'

const clients = volume({ short: 100, long: 400 })
const path = '/v2/agents/awaited/responses'

const test = base.extend('cluster', async ({ redis, redisUrl }, { onCleanup }) => {
  expect(await redis.dbsize()).toBe(0)
  const env = { LONGHAUL_CONCURRENCY: String(clients) }
  const cluster = await startCluster({ redisUrl, env })
  onCleanup(() => cluster.kill())
  await cluster.call('POST', '/v2/agents', { ...newAgent(), key: 'awaited' })
  return cluster
})

test('all waiting callers are woken, although the reader of notifications is killed and notifications are trimmed', async ({
  cluster,
  redis,
}) => {
  const tasks = await Promise.all(
    Array.from({ length: clients }, (_, at) =>
      begin(
        cluster,
        path,
        script({ delay: 2_000 + at * 15, text: ['One ', 'two.'], chunkDelay: 50 }),
      ),
    ),
  )
  const over = new AbortController()
  const trouble = makeTrouble(redis, taskKeys(tasks[0] ?? '').wake, over.signal)
  const waited = await Promise.all(
    tasks.map(async (task, at) => {
      const kind = waits[at % waits.length]
      if (kind === 'sync') return await sync(at)
      if (kind === 'poll')
        return (await cluster.call('GET', `${path}/${task}?wait=60`)).body['status']
      const { events, done } = await watch(cluster, {
        url: cluster.url,
        path: `${path}/${task}/events`,
      })
      return done && typesOf(events).at(-1) === 'response.done' ? 'completed' : events
    }),
  )
  over.abort()
  const { kills, trims } = await trouble
  expect(waited).toEqual(tasks.map(() => 'completed'))
  expect([kills > 0, trims > 0]).toEqual([true, true])

  /** Submits a turn and waits for its end. */
  async function sync(at: number): Promise<unknown> {
    const turn = script({ delay: 500 + at * 10, text: 'Done.' })
    const { status, body } = await cluster.call('POST', path, turn)
    return status === 200 ? 'completed' : body
  }
})

const waits = ['stream', 'poll', 'stream', 'sync']

/** Repeatedly kills the readers of notifications, and trims notifications before they are read. */
async function makeTrouble(redis: Redis, wake: string, signal: AbortSignal) {
  let [kills, trims] = [0, 0]
  await Promise.all([
    again(200, signal, async () => {
      kills += await killClients(redis, 'longhaul-wake')
    }),
    again(50, signal, async () => {
      trims += Number((await redis.xtrim(wake, 'MAXLEN', 0)) > 0)
    }),
  ])
  return { kills, trims }
}

async function again(ms: number, signal: AbortSignal, act: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await act()
    await sleep(ms)
  }
}
