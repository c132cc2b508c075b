import {
  type Cluster,
  type ScriptedServer,
  startCluster,
  startRedis,
  startScriptedServer,
} from '@longhaul/testbed'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { newAgent, newKey } from '../../support/new-agent.ts'
import { script } from '../../support/orq-requests.ts'
import { until } from '../../support/until.ts'

/*
 * A copy of the append-only directory is made under load. Later Redis loses its data and starts again with that copy,
 * while the API, the workers and the clients go on.
 */
test('a restored backup continues from its time, under load', async () => {
  const { cluster, redis, path, tool, service } = await start()
  const load = startLoad(cluster, path)
  const ended = await endedTask(cluster, path, tool)
  await until(() => load.accepted.length >= 50 || undefined)
  const running = await callingTask({ cluster, path, tool, service })
  const backup = await copyLog(redis.dir)
  const beforeBackup = [...load.accepted]

  // After the backup, the call is answered and its task ends. Others are submitted, and end.
  await end(cluster, path, running)
  const callsBefore = callsOf(service, running)
  const modelBefore = requestsOf(cluster, running)
  await until(() => load.accepted.length >= beforeBackup.length + 50 || undefined)
  const later = await endedTask(cluster, path, tool, 'later')
  const afterBackup = load.accepted.slice(beforeBackup.length)
  const ofEnded = requestsOf(cluster, ended)

  await restore(redis, backup)
  const accepted = load.accepted.length
  await until(() => load.accepted.length >= accepted + 50 || undefined)
  const newest = (await load.stop()).slice(accepted)

  // A task that had ended is as it was.
  expect(await statusOf(cluster, path, ended)).toEqual([200, 'completed'])
  expect(requestsOf(cluster, ended)).toEqual(ofEnded)
  // A task that was running is continued from its step: its call is made again with the same key.
  expect(await end(cluster, path, running)).toBe('completed')
  expect(callsBefore).toHaveLength(1)
  expect(callsOf(service, running)).toEqual([...callsBefore, ...callsBefore])
  const again = requestsOf(cluster, running).slice(modelBefore.length)
  expect(again.every((step) => step > 1)).toBe(true)
  // What was accepted later is gone, and its key is free.
  for (const task of [later, ...afterBackup]) {
    expect(await statusOf(cluster, path, task)).toEqual([404, undefined])
  }
  expect(await endedTask(cluster, path, tool, 'later')).not.toBe(later)
  // All others end.
  for (const task of [...beforeBackup, ...newest]) {
    expect(await end(cluster, path, task)).toBe('completed')
  }
  const doctor = await cluster.call('GET', '/v2/admin/doctor?limit=1000')
  expect(doctor).toMatchObject({ status: 200, body: { findings: [] } })
})

async function start() {
  const redis = await startRedis()
  onTestFinished(() => redis.stop())
  const service = await startScriptedServer()
  onTestFinished(() => service.close())
  service.reply(() => ({ body: { paid: true } }))
  const cluster = await startCluster({
    redisUrl: redis.url,
    workers: 2,
    env: {
      LONGHAUL_EGRESS_ALLOW: '127.0.0.1',
      LONGHAUL_LOCK_MS: '2000',
      LONGHAUL_UNSAFE_REDIS: '0',
    },
  })
  onTestFinished(() => cluster.kill())
  const tool = newKey('pay')
  await cluster.call('POST', '/v2/tools', {
    key: tool,
    path: 'Default',
    type: 'http',
    description: 'Pays.',
    on_crash: 'retry',
    http: { blueprint: { url: `${service.url}/pay`, method: 'POST' } },
  })
  const { body } = await cluster.call('POST', '/v2/agents', {
    ...newAgent(),
    settings: { tools: [{ type: 'http', key: tool }] },
  })
  return { redis, service, cluster, tool, path: `/v2/agents/${String(body['key'])}/responses` }
}

/** Submits short tasks, one after the other, and repeats each until it has an answer. */
function startLoad(cluster: Cluster, path: string) {
  const accepted: string[] = []
  const over = new AbortController()
  async function submit(): Promise<void> {
    while (!over.signal.aborted) {
      const turn = { background: true, ...script({ text: 'Over.', delay: 200 }) }
      const { status, body } = await cluster.call('POST', path, turn)
      if (status === 200) accepted.push(String(body['task_id']))
      else expect(status).toBe(503)
      await sleep(20)
    }
  }
  const clients = [submit(), submit()]
  return {
    accepted,
    async stop(): Promise<string[]> {
      over.abort()
      await Promise.all(clients)
      return accepted
    },
  }
}

/** Runs a task of two steps and a call to its end. */
async function endedTask(cluster: Cluster, path: string, tool: string, key?: string) {
  const calls = [{ id: 'c1', name: tool, arguments: {} }]
  const turn = { background: true, ...script({ calls }, { text: 'Paid.' }) }
  const headers = {
    authorization: `Bearer ${cluster.key}`,
    'content-type': 'application/json',
    ...(key !== undefined && { 'idempotency-key': key }),
  }
  const sent = { method: 'POST', headers, body: JSON.stringify(turn) }
  const reply = await fetch(cluster.url + path, sent)
  const { task_id: task } = (await reply.json()) as { task_id: string }
  expect(await end(cluster, path, task)).toBe('completed')
  return task
}

/** Starts a task whose call of a tool has no answer for a while. */
async function callingTask({
  cluster,
  path,
  tool,
  service,
}: {
  cluster: Cluster
  path: string
  tool: string
  service: ScriptedServer
}): Promise<string> {
  service.reply(() => ({ body: { paid: true }, delay: 3_000 }))
  const calls = [{ id: 'c2', name: tool, arguments: {} }]
  const turn = { background: true, ...script({ calls, delay: 100 }, { text: 'Paid.' }) }
  const { body } = await cluster.call('POST', path, turn)
  const task = String(body['task_id'])
  await until(() => callsOf(service, task).length > 0 || undefined)
  return task
}

async function end(cluster: Cluster, path: string, task: string): Promise<unknown> {
  return await until(async () => {
    const { status, body } = await cluster.call('GET', `${path}/${task}?wait=30`)
    return status === 200 && body['status'] !== 'in_progress' ? body['status'] : undefined
  })
}

async function statusOf(cluster: Cluster, path: string, task: string) {
  const { status, body } = await cluster.call('GET', `${path}/${task}`)
  return [status, status === 200 ? body['status'] : undefined]
}

/** The idempotency keys of the calls that a task has made. */
function callsOf({ requests }: ScriptedServer, task: string): string[] {
  const keys = requests.map(({ headers }) => String(headers['idempotency-key']))
  return keys.filter((key) => key.includes(task))
}

/** The steps of a task for which the model was asked. */
function requestsOf({ model }: Cluster, task: string): number[] {
  return model.requests.flatMap(({ idempotencyKey = '' }) =>
    idempotencyKey.includes(task) ? Number(idempotencyKey.split('.')[1]) : [],
  )
}

const logFolder = 'appendonlydir'

/** Copies the append-only directory, as the documentation says. */
async function copyLog(dir: string): Promise<string> {
  const backup = await mkdtemp(join(tmpdir(), 'longhaul-backup-'))
  onTestFinished(() => rm(backup, { recursive: true, force: true }))
  await cp(join(dir, logFolder), join(backup, logFolder), { recursive: true })
  return backup
}

async function restore(
  redis: Awaited<ReturnType<typeof startRedis>>,
  backup: string,
): Promise<void> {
  await redis.kill()
  await rm(join(redis.dir, logFolder), { recursive: true })
  await cp(join(backup, logFolder), join(redis.dir, logFolder), { recursive: true })
  await redis.restart()
}
