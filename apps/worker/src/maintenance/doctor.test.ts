import { jobId, shardOf } from '@longhaul/core'
import { connect, shardKeys } from '@longhaul/redis'
import { type Cluster, startCluster, test as base } from '@longhaul/testbed'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'

const path = '/v2/agents/busy/responses'

const test = base
  .extend('cluster', { scope: 'file' }, async ({ redisUrl }, { onCleanup }) => {
    const env = { LONGHAUL_SHARDS: '2', LONGHAUL_DRAIN_MS: '0' }
    const cluster = await startCluster({ redisUrl, workers: 2, env })
    onCleanup(() => cluster.kill())
    await cluster.call('POST', '/v2/agents', {
      key: 'busy',
      role: 'tester',
      description: 'asks for the date',
      instructions: 'answer',
      path: 'tests',
      model: 'openai/scripted',
      settings: { tools: [{ type: 'current_date' }] },
    })
    return cluster
  })
  .extend('data', { scope: 'file' }, ({ redisUrl }, { onCleanup }) => {
    const redis = connect(redisUrl, { role: 'work', onError: () => {} })
    onCleanup(() => redis.disconnect())
    return redis
  })

/** A complete scan in pages. Returns the findings and the number of requests. */
async function examine(cluster: Cluster, method: 'GET' | 'POST', limit = 30) {
  const findings: unknown[] = []
  let [cursor, steps] = ['', 0]
  for (let more = true; more; steps += 1) {
    const query = new URLSearchParams({ limit: `${limit}`, cursor })
    const { status, body } = await cluster.call(method, `/v2/admin/doctor?${query.toString()}`)
    // On a busy machine a command may time out. The same request may be repeated.
    if (status === 503) continue
    expect([status, body['mended']]).toEqual([200, method === 'POST'])
    findings.push(...(body['findings'] as unknown[]))
    more = body['more'] === true
    cursor = typeof body['next'] === 'string' ? body['next'] : ''
  }
  return { findings, steps }
}

async function submit(cluster: Cluster, script: object[], more: object = {}) {
  const message = { role: 'user', parts: [{ kind: 'text', text: JSON.stringify({ script }) }] }
  const body = { background: true, message, thread: { id: 't' }, ...more }
  const reply = await cluster.call('POST', path, body)
  expect(reply.status).toBe(200)
  return String(reply.body['task_id'])
}

test('a doctor run while two workers run finds and changes nothing', async ({ cluster }) => {
  const call = { name: 'current_date', arguments: {} }
  const scripts: object[][] = [
    [{ calls: [call] }, { delay: 20, text: ['a', 'b', 'c'], chunkDelay: 10 }],
    [{ reasoning: 'x'.repeat(20_000), calls: [call] }, { text: 'y'.repeat(20_000) }],
    [{ text: 'half', fault: 'cut' }, { text: 'whole' }],
    [{ status: 401 }],
    [{ delay: 300, text: 'late' }],
  ]
  const over = new AbortController()
  const tasks: string[] = []
  const load = async (number: number) => {
    for (let at = number; !over.signal.aborted; at += 1) {
      const task = await submit(cluster, scripts[at % scripts.length] ?? [])
      tasks.push(task)
      if (at % 4 === 0) await cluster.call('POST', `${path}/${task}/cancel?wait=10`)
      if (at % 7 === 0) await cluster.call('DELETE', `${path}/${task}`)
      await sleep(20)
    }
  }
  const clients = [0, 1, 2].map(load)
  const walks = []
  while (tasks.length < 30 || walks.length < 4) {
    walks.push(await examine(cluster, walks.length % 2 === 0 ? 'GET' : 'POST'))
  }
  over.abort()
  await Promise.all(clients)
  expect(walks.flatMap(({ findings }) => findings)).toEqual([])
  expect(Math.max(...walks.map(({ steps }) => steps))).toBeGreaterThan(1)

  const counts = async () => (await cluster.call('GET', '/v2/admin')).body['total']
  await expect.poll(counts).toMatchObject({ queued: 0, running: 0 })
  await expect.poll(counts).toMatchObject({ jobs_waiting: 0, jobs_active: 0, jobs_delayed: 0 })
  expect((await examine(cluster, 'GET')).findings).toEqual([])
})

test('a turn that its backlog has lost completes after the repair, and no other task is found', async ({
  cluster,
  data,
}) => {
  await cluster.call('POST', '/v2/admin/pause')
  const task = await submit(cluster, [{ text: 'done' }])
  for (const shard of [0, 1]) {
    await data.zrem(shardKeys(shard).backlog(cluster.workspace, ''), jobId(task, 1))
  }
  await data.zadd(shardKeys(0).purges, 9e12, '01K00000000000000000000000')
  const found = await examine(cluster, 'GET')
  // The counts of the workspace are wrong, too, until a reconciler corrects them.
  const kinds = (found.findings as { kind: string; task_id: string }[])
    .filter(({ task_id: id }) => id !== cluster.workspace)
    .map(({ kind, task_id: id }) => `${kind} ${id === task}`)
  expect([...new Set(kinds)].toSorted()).toEqual(['misplaced true', 'set_wrong false'])
  await examine(cluster, 'POST')
  expect((await examine(cluster, 'GET')).findings).toEqual([])
  await cluster.call('POST', '/v2/admin/resume')
  const read = async () => (await cluster.call('GET', `${path}/${task}`)).body['status']
  await expect.poll(read).toBe('completed')
})

test('a schedule that was lost from the due ones is found and added, and one that does not exist is removed', async ({
  cluster,
  data,
}) => {
  const created = await cluster.call('POST', '/v3/agents/busy/schedules', {
    type: 'cron',
    expression: '0 0 5 * * *',
    display_name: 'every morning',
    payload: { input: 'x' },
  })
  expect(created.status).toBe(201)
  const lost = String(created.body['_id'])
  const stray = lost.replace(/.{4}$/, 'ZZZZ')
  expect((await examine(cluster, 'GET')).findings).toEqual([])
  const { dueSchedules, schedulesOfWorkspace } = shardKeys(shardOf(lost))
  const index = schedulesOfWorkspace(cluster.workspace)
  await data.zrem(dueSchedules, lost)
  // Far away, so that no worker takes it.
  await data.zadd(dueSchedules, 9e15, stray)
  await data.zadd(index, 1, stray)
  const found = (await examine(cluster, 'GET')).findings as { kind: string; task_id: string }[]
  const names = found.map(({ kind, task_id: id }) => `${kind} ${id}`)
  expect([...new Set(names)].toSorted()).toEqual(
    [`set_wrong ${lost}`, `set_wrong ${stray}`].toSorted(),
  )
  await examine(cluster, 'POST')
  expect((await examine(cluster, 'GET')).findings).toEqual([])
  expect(await data.zscore(dueSchedules, lost)).not.toBeNull()
  expect(await data.zscore(dueSchedules, stray)).toBeNull()
  expect(await data.zscore(index, stray)).toBeNull()
})
