import { type Cluster, startCluster, startRedisCluster, test as base } from '@longhaul/testbed'
import { expect } from 'vitest'
import { begin, watch } from '../../support/event-streams.ts'
import { newAgent } from '../../support/new-agent.ts'
import { script } from '../../support/orq-requests.ts'
import { until } from '../../support/until.ts'

const shards = 3

const test = base
  .extend('store', { scope: 'file' }, async ({}, { onCleanup }) => {
    const store = await startRedisCluster({ flags: ['--cluster-require-full-coverage', 'no'] })
    onCleanup(() => store.stop())
    return store
  })
  .extend('cluster', { scope: 'file' }, async ({ store }, { onCleanup }) => {
    const cluster = await startCluster({
      redisUrl: store.url,
      env: {
        LONGHAUL_LIMITS: JSON.stringify({ spread: shards }),
        LONGHAUL_LOCK_MS: '2000',
        LONGHAUL_UNSAFE_REDIS: '0',
      },
    })
    onCleanup(() => cluster.kill())
    return cluster
  })
  .extend('path', { scope: 'file' }, async ({ cluster }) => {
    const { body } = await cluster.call('POST', '/v2/agents', newAgent())
    return `/v2/agents/${String(body['key'])}/responses`
  })

async function runTasks(cluster: Cluster, path: string): Promise<void> {
  const tasks: string[] = []
  while (tasks.length < 30) tasks.push(await begin(cluster, path, script({ text: 'Hello.' })))
  for (const task of tasks) {
    const { body } = await cluster.call('GET', `${path}/${task}?wait=30`)
    expect(body).toMatchObject({ status: 'completed' })
  }
}

test('a node that has lost its scripts receives them again', async ({ cluster, path, store }) => {
  await runTasks(cluster, path)
  for (const { redis } of store.nodes) {
    await redis.script('FLUSH')
    await redis.call('FUNCTION', 'FLUSH')
    await runTasks(cluster, path)
  }
})

test('a slot moves while blocking reads wait for its keys', async ({ cluster, path, store }) => {
  const turn = script({ text: 'One two three four.', delay: 3_000 })
  const tasks: string[] = []
  while (tasks.length < 12) tasks.push(await begin(cluster, path, turn))
  const streams = tasks.map((task) =>
    watch(cluster, { url: cluster.url, path: `${path}/${task}/events` }),
  )
  for (let shard = 0; shard < shards; shard += 1) {
    const key = `{lh:s${shard}}:wake`
    const from = await store.primaryOf(key)
    await until(async () => (await isBlocked(from.redis)) || undefined)
    const to = store.nodes.find(({ id }) => id !== from.id) ?? from
    await store.moveSlot(key, to)
  }
  for (const { done, events } of await Promise.all(streams)) {
    expect([done, events.at(-1)?.type]).toEqual([true, 'response.done'])
  }
  await runTasks(cluster, path)
})

test('while a part of a cluster is away, processes are not ready and say why', async ({
  cluster,
  path,
  store,
}) => {
  const lost = await store.primaryOf('{lh:s1}:wake')
  await lost.server.kill()
  for (const { url } of [cluster, ...cluster.workers]) {
    const text = await until(async () => {
      const reply = await fetch(`${url}/readyz`)
      return reply.status === 503 ? await reply.text() : undefined
    })
    // Nodes that require all slots refuse every command. Others only lead to the node that is away.
    expect(text).toMatch(/store_cluster_down|cannot be reached/)
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
  }
  await lost.server.restart()
  for (const { url } of [cluster, ...cluster.workers]) {
    await until(async () => (await fetch(`${url}/readyz`)).ok || undefined)
  }
  await runTasks(cluster, path)
})

async function isBlocked(redis: { call: (...words: [string, string]) => Promise<unknown> }) {
  return /flags=b/.test(String(await redis.call('CLIENT', 'LIST')))
}
