import { callWith, type Cluster, startCluster, test as base } from '@longhaul/testbed'
import { Redis } from 'ioredis'
import { expect, onTestFinished } from 'vitest'
import { newAgent } from '../../support/new-agent.ts'
import { startReceiver } from '../../support/receiver.ts'
import { until } from '../../support/until.ts'

/** Two processes of each kind, which a test kills. */
export const test = base.extend(
  'cluster',
  { scope: 'file' },
  async ({ redisUrl }, { onCleanup }) => {
    const cluster = await startCluster({
      redisUrl,
      apis: 2,
      workers: 2,
      env: {
        LONGHAUL_EGRESS_ALLOW: '127.0.0.1',
        LONGHAUL_SECRET_KEY: Buffer.alloc(32, 1).toString('base64'),
        LONGHAUL_LOCK_MS: '1000',
      },
    })
    onCleanup(() => cluster.kill())
    return cluster
  },
)

/** How many milliseconds after the time of its schedules each round kills an API process and a worker. */
const moments = [-200, 0, 20, 50, 100, 200, 400, 800]

/**
 * Kills an API process and a worker again and again, around the times of schedules. Each schedule starts one task, and
 * each one that pauses because its run fails has one event.
 */
export async function killAndCheck(cluster: Cluster, kills: number): Promise<void> {
  const receiver = await startReceiver()
  onTestFinished(() => receiver.close())
  const redis = new Redis(cluster.redisUrl)
  onTestFinished(() => redis.disconnect())
  const agent = newAgent()
  const path = `/v3/agents/${agent.key}/schedules`
  await cluster.call('POST', '/v2/agents', agent)
  await cluster.call('POST', '/v1/webhook_endpoints', {
    name: 'pauses',
    url: receiver.url,
    event_types: ['schedule.paused'],
  })
  const call: Cluster['call'] = (...words) =>
    callWith(cluster.apis[0]?.url ?? '', cluster.key)(...words)
  const ids: { good: string[]; failing: string[] } = { good: [], failing: [] }
  for (let round = 0; round < kills; round += 1) {
    const at = Date.now() + 1_000
    for (const kind of ['good', 'good', 'failing'] as const) {
      const { status, body } = await call('POST', path, fieldsOf(kind, at))
      expect([status, body]).toEqual([201, body])
      ids[kind].push(String(body['_id']))
    }
    const moment = at + (moments[round % moments.length] ?? 0)
    await until(() => Date.now() >= moment || undefined)
    const killed = [cluster.workers[0], cluster.apis[0]].filter((each) => each !== undefined)
    await Promise.all(killed.map((each) => cluster.restart(each)))
  }
  const all = [...ids.good, ...ids.failing]
  await until(async () => {
    // What a dead worker had taken is due again after half a minute.
    for (const id of all) await redis.zadd('{lh:s0}:due-schedules', 'XX', 0, id)
    const read = await Promise.all(all.map((id) => call('GET', `${path}/${id}`)))
    return read.every(({ body }) => body['trigger_count'] === 1) || undefined
  })
  const started: string[] = []
  for (const id of all) {
    const { body } = await call('GET', `${path}/${id}/runs`)
    const runs = body['runs'] as { task_id?: string }[]
    expect(runs).toHaveLength(1)
    started.push(String(runs[0]?.task_id))
  }
  expect((await tasksOf(agent.key, call)).toSorted()).toEqual(started.toSorted())
  const paused = () => receiver.received.map(({ event }) => String(event.data['id']))
  await until(() => ids.failing.every((id) => paused().includes(id)) || undefined)
  const events = receiver.received.map(({ event }) => event.id)
  expect(new Set(events).size).toBe(ids.failing.length)
}

function fieldsOf(kind: 'good' | 'failing', at: number) {
  const reply = kind === 'good' ? { text: 'done' } : { status: 401 }
  return {
    // An interval goes on after its first run, and so it can pause.
    ...(kind === 'good'
      ? { type: 'once', expression: `@at ${new Date(at).toISOString()}` }
      : { type: 'interval', expression: '@every 1h', start_at: new Date(at).toISOString() }),
    display_name: kind,
    payload: { input: JSON.stringify({ script: [reply] }) },
    ...(kind === 'failing' && { pause_after_failures: 1 }),
  }
}

async function tasksOf(agent: string, call: Cluster['call']): Promise<string[]> {
  const ids: string[] = []
  for (let more = true; more;) {
    const after = ids.at(-1)
    const query = after === undefined ? '' : `&starting_after=${after}`
    const { body } = await call('GET', `/v2/agents/${agent}/responses?limit=100${query}`)
    ids.push(...(body['data'] as { task_id: string }[]).map(({ task_id: id }) => id))
    more = body['has_more'] === true
  }
  return ids
}
