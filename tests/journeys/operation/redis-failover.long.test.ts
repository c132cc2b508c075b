import { type Cluster, startCluster, startRedisCluster, startSentinels } from '@longhaul/testbed'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { newAgent } from '../../support/new-agent.ts'
import { script } from '../../support/orq-requests.ts'
import { until } from '../../support/until.ts'

const shared = { LONGHAUL_LOCK_MS: '2000', LONGHAUL_UNSAFE_REDIS: '0' }

test('accepted tasks end when the primary of sentinels fails', async () => {
  const store = await startSentinels()
  onTestFinished(() => store.stop())
  const cluster = await start(store.url)
  const load = await startLoad(cluster)
  const before = await store.primaryPort()
  await store.failOver()
  expect(await store.primaryPort()).not.toBe(before)
  await load.untilAcceptedAgain()
  await expectAllEnd(cluster, await load.stop())
})

test('accepted tasks end when a primary of a cluster fails, and when slots move', async () => {
  const store = await startRedisCluster({ replicas: 1 })
  onTestFinished(() => store.stop())
  const cluster = await start(store.url, {
    LONGHAUL_LIMITS: JSON.stringify({ spread: 3 }),
  })
  const load = await startLoad(cluster)
  const { id, server } = await store.primaryOf('{lh:s0}:wake')
  await server.kill()
  await until(async () => {
    const next = await store.primaryOf('{lh:s0}:wake').catch(() => undefined)
    return next !== undefined && next.id !== id ? next : undefined
  })
  await load.untilAcceptedAgain()
  const from = await store.primaryOf('{lh:s1}:wake')
  const to = await store.primaryOf('{lh:s2}:wake')
  expect(to.id).not.toBe(from.id)
  await store.moveSlot('{lh:s1}:wake', to)
  await load.untilAcceptedAgain()
  await expectAllEnd(cluster, await load.stop())
})

async function start(redisUrl: string, env: Record<string, string> = {}): Promise<Cluster> {
  const cluster = await startCluster({ redisUrl, workers: 2, env: { ...shared, ...env } })
  onTestFinished(() => cluster.kill())
  return cluster
}

type Accepted = { task: string; path: string }

/** Submits tasks of two steps one after the other, and repeats each until it has an answer. */
async function startLoad(cluster: Cluster) {
  const { body: agent } = await cluster.call('POST', '/v2/agents', newAgent())
  const path = `/v2/agents/${String(agent['key'])}/responses`
  const accepted: Accepted[] = []
  const refusals = new Set<number>()
  const over = new AbortController()
  const step = { calls: [{ id: 'd1', name: 'current_date', arguments: {} }], delay: 100 }
  async function submit(): Promise<void> {
    while (!over.signal.aborted) {
      const turn = { background: true, ...script(step, { text: 'Over.', delay: 300 }) }
      const { status, body } = await cluster.call('POST', path, turn)
      if (status === 200) accepted.push({ task: String(body['task_id']), path })
      else refusals.add(status)
      await sleep(20)
    }
  }
  const clients = [submit(), submit(), submit()]
  async function untilMore(count: number): Promise<void> {
    const wanted = accepted.length + count
    await until(() => Promise.resolve(accepted.length >= wanted || undefined))
  }
  await untilMore(30)
  return {
    untilAcceptedAgain: () => untilMore(30),
    async stop(): Promise<Accepted[]> {
      over.abort()
      await Promise.all(clients)
      expect([...refusals].filter((status) => status !== 503)).toEqual([])
      return accepted
    },
  }
}

/**
 * Each accepted task that Redis has kept ends. What the former primary had not
 * sent to its replica is lost: these tasks answer 404.
 */
async function expectAllEnd(cluster: Cluster, accepted: Accepted[]): Promise<void> {
  let lost = 0
  const ends: unknown[] = []
  for (const { task, path } of accepted) {
    const { status, body } = await cluster.call('GET', `${path}/${task}?wait=30`)
    if (status === 404) lost += 1
    else ends.push([status, body['status']])
  }
  expect(ends).toEqual(ends.map(() => [200, 'completed']))
  expect(lost).toBeLessThan(accepted.length / 10)
  const asked = askedSteps(cluster)
  expect(asked.size).toBeGreaterThan(accepted.length / 2)
  // At most the records that the former primary had not sent are made again.
  const again = [...asked.values()].filter((steps) => !isAscending(steps))
  expect(again.length).toBeLessThanOrEqual(accepted.length / 50)
}

/** The steps of each turn in the order in which the model was asked for them. */
function askedSteps({ model }: Cluster): Map<string, number[]> {
  const turns = new Map<string, number[]>()
  for (const { idempotencyKey = '' } of model.requests) {
    const [turn = '', step] = idempotencyKey.split('.')
    turns.set(turn, [...(turns.get(turn) ?? []), Number(step)])
  }
  return turns
}

/** A step in progress may be repeated, but no step before it. */
function isAscending(steps: number[]): boolean {
  return steps.every((step, at) => step >= (steps[at - 1] ?? 0))
}
