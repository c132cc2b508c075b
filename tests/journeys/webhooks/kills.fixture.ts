import { callWith, type Cluster, startCluster, test as base } from '@longhaul/testbed'
import { expect, onTestFinished } from 'vitest'
import { newAgent } from '../../support/new-agent.ts'
import { script } from '../../support/orq-requests.ts'
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

async function submit(cluster: Cluster, agent: string): Promise<string | undefined> {
  const body = { ...script({ text: 'done' }), background: true }
  const call = callWith(cluster.apis[0]?.url ?? '', cluster.key)
  const reply = await call('POST', `/v2/agents/${agent}/responses`, body)
  return reply.status === 200 ? String(reply.body['task_id']) : undefined
}

/**
 * Kills an API process and a worker again and again, around the ends of turns. Every event arrives at both endpoints, and
 * repeats have equal ids.
 */
export async function killAndCheck(cluster: Cluster, kills: number): Promise<void> {
  const known = new Set<string>()
  const receiver = await startReceiver(({ event: { id } }, response) => {
    const isNew = !known.has(id)
    known.add(id)
    // Some attempts fail, and are repeated.
    response.writeHead(isNew && known.size % 5 === 0 ? 503 : 200).end()
  })
  onTestFinished(() => receiver.close())
  const agent = newAgent()
  await cluster.call('POST', '/v2/agents', agent)
  for (const name of ['first', 'second']) {
    const url = receiver.url.replace('/events', `/${name}`)
    const endpoint = { name, url, event_types: ['response.completed'] }
    await cluster.call('POST', '/v1/webhook_endpoints', endpoint)
  }
  const tasks: string[] = []
  for (let at = 0; at < kills; at += 1) {
    const seen = receiver.received.length
    const batch = await Promise.all([1, 2, 3].map(() => submit(cluster, agent.key)))
    tasks.push(...batch.flatMap((task) => task ?? []))
    // Sometimes before the end, sometimes between the end and the delivery, sometimes in the middle of it.
    const isDue = () => at % 3 === 0 || receiver.received.length >= seen + (at % 3) - 1
    await until(() => isDue() || undefined)
    const killed = [cluster.workers[0], cluster.apis[0]].filter((each) => each !== undefined)
    await Promise.all(killed.map((each) => cluster.restart(each)))
  }
  expect(tasks).toHaveLength(3 * kills)
  const arrived = (task: string) => new Set(receiver.about(task).map(({ path }) => path)).size
  await until(() => tasks.every((task) => arrived(task) === 2) || undefined)
  for (const task of tasks) {
    const ids = receiver
      .about(task)
      .map(({ path, headers }) => `${path} ${String(headers['webhook-id'])}`)
    expect(new Set(ids).size).toBe(2)
  }
}
