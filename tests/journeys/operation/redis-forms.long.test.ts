import {
  certificatePaths,
  startCluster,
  startRedis,
  startRedisCluster,
  startSentinels,
  startTlsRedis,
} from '@longhaul/testbed'
import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { begin } from '../../support/event-streams.ts'
import { newAgent } from '../../support/new-agent.ts'
import { script } from '../../support/orq-requests.ts'

/** The variables of a process that shows its certificate. */
const tls = {
  REDIS_TLS_CA: certificatePaths.authority,
  REDIS_TLS_CERT: certificatePaths.client,
  REDIS_TLS_KEY: certificatePaths.clientKey,
}
/** The user of the documentation. */
const user = [
  'longhaul',
  'on',
  '>pass word',
  '~{lh:*',
  '&*',
  '+@all',
  '-@admin',
  '-@dangerous',
  '+info',
]
const login = 'longhaul:pass%20word@'

test('a process starts over TLS and runs tasks', async () => {
  const { server, tlsPort } = await startTlsRedis()
  onTestFinished(() => server.stop())
  expect(await runTasks(`rediss://127.0.0.1:${tlsPort}`, tls)).toEqual(allCompleted)
})

test('a process starts over the socket of a server and runs tasks', async () => {
  const path = join(tmpdir(), `longhaul-${randomUUID()}.sock`)
  await start(['--unixsocket', path])
  expect(await runTasks(`unix://${path}`)).toEqual(allCompleted)
})

test('a process starts over IPv6, with a database, and runs tasks', async () => {
  const { port } = await start(['--bind', '127.0.0.1', '::1'])
  expect(await runTasks(`redis://[::1]:${port}/2`)).toEqual(allCompleted)
})

test('a process starts as the user of the documentation and runs tasks', async () => {
  const { port } = await start(['--user', ...user])
  expect(await runTasks(`redis://${login}127.0.0.1:${port}`)).toEqual(allCompleted)
})

test('a process starts as a user of a cluster over TLS, and runs tasks in each part of it', async () => {
  const store = await startRedisCluster({ tls: true, flags: ['--user', ...user] })
  onTestFinished(() => store.stop())
  const url = store.url.replace('redis+cluster://', `rediss+cluster://${login}`)
  const spread = { LONGHAUL_LIMITS: JSON.stringify({ spread: 3 }) }
  expect(await runTasks(url, { ...tls, ...spread })).toEqual(allCompleted)
  const counts = store.nodes.map(async ({ redis }) => (await redis.keys('*:task:*:log')).length)
  for (const count of await Promise.all(counts)) expect(count).toBeGreaterThan(0)
})

test('a process starts over TLS with sentinels, runs tasks, and follows a failover', async () => {
  const store = await startSentinels({ tls: true })
  onTestFinished(() => store.stop())
  const url = store.url.replace('redis+sentinel://', 'rediss+sentinel://')
  expect(await runTasks(url, tls)).toEqual(allCompleted)
  await store.failOver()
  expect(await runTasks(url, tls)).toEqual(allCompleted)
})

async function start(flags: string[]) {
  const server = await startRedis({ flags })
  onTestFinished(() => server.stop())
  return server
}

const taskCount = 30
const allCompleted = Array.from({ length: taskCount }, () => 'completed')

/** Starts an API and a worker, and runs tasks to their ends. Returns their statuses. */
async function runTasks(redisUrl: string, env: Record<string, string> = {}): Promise<unknown[]> {
  const cluster = await startCluster({ redisUrl, env: { LONGHAUL_UNSAFE_REDIS: '0', ...env } })
  onTestFinished(() => cluster.kill())
  const { body: agent } = await cluster.call('POST', '/v2/agents', newAgent())
  const path = `/v2/agents/${String(agent['key'])}/responses`
  const step = { calls: [{ id: 'd1', name: 'current_date', arguments: {} }] }
  const turns = Array.from({ length: taskCount }, () => script(step, { text: 'Over.' }))
  const tasks: string[] = []
  // Tasks of one millisecond share a shard.
  for (const turn of turns) tasks.push(await begin(cluster, path, turn))
  const statuses = tasks.map(async (task) => {
    const { body } = await cluster.call('GET', `${path}/${task}?wait=30`)
    return body['status']
  })
  return await Promise.all(statuses)
}
