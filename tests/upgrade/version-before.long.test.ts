import { type AppProcess, startApp } from '@longhaul/testbed'
import { shardKeys } from '@longhaul/redis'
import { describe, expect } from 'vitest'
import { installVersion } from '@longhaul/testbed/servers'
import { type Client, createClient } from './client.ts'
import { environmentOf } from './environment.ts'
import { begin, type MadeTask, message, pathOf } from './make-tasks.ts'
import { storedOf, writeAsKnown, writeAsNewer } from './newer-version.ts'
import { ended, test as base } from './upgraded.fixture.ts'

/** `old` starts a process of the version before, on its own Redis. */
const test = base
  .extend('installation', { scope: 'file' }, async ({ before }, { onCleanup }) => {
    const signal = AbortSignal.timeout(300_000)
    const installed = await installVersion(before.commit, { say: () => {}, signal })
    onCleanup(installed.remove)
    return installed
  })
  .extend('old', async ({ cluster, installation }, { onCleanup }) => {
    const started: AppProcess[] = []
    onCleanup(async () => {
      await Promise.all(started.map((app) => app.kill()))
    })
    return async (app: 'api' | 'worker') => {
      const environment = environmentOf(cluster.redisUrl, cluster.model)
      const process = await startApp(app, environment, { installation })
      started.push(process)
      return process
    }
  })

describe('while both versions run', () => {
  test('the version before skips tasks that it cannot read', async ({
    client,
    own,
    old,
    made: { tasks },
  }) => {
    await writeAsNewer(own, tasks.queued, 'head')
    await writeAsNewer(own, tasks.waiting, 'fact')
    const stored = () => Promise.all([storedOf(own, tasks.queued), storedOf(own, tasks.waiting)])
    const before = await stored()
    await old('worker')
    expect(await ended(client, tasks.dying)).toMatchObject({ status: 'completed' })
    expect(await ended(client, tasks.parked)).toMatchObject({ status: 'completed' })
    expect(await stored()).toEqual(before)
    await writeAsKnown(own, tasks.queued, 'head')
    await writeAsKnown(own, tasks.waiting, 'fact')
    expect(await ended(client, tasks.queued)).toMatchObject({ status: 'completed' })
    expect(await ended(client, tasks.waiting)).toMatchObject({ status: 'completed' })
  })

  test('each continues turns of the other, and serves them in the same replies', async ({
    client,
    cluster,
    old,
  }) => {
    const oldApi = await old('api')
    const clients = [client, createClient(oldApi.url, cluster.key)]
    const workers = [await old('worker'), await cluster.startWorker()]
    const date = { calls: [{ id: 'd1', name: 'current_date', arguments: {} }] }
    const slow = { text: 'Slowly.', delay: 1_500 }
    const script = message([date, { ...date, delay: 1_000 }, slow])
    const tasks = await Promise.all(
      Array.from({ length: 12 }, (_, at) => begin(clients[at % 2] ?? client, ['helper', script])),
    )
    // Each worker is killed while it works, and the other version takes over.
    await expect.poll(() => cluster.model.requests.length).toBeGreaterThan(8)
    for (const worker of workers) await worker.kill()
    await cluster.expireLeases()
    const successors = [await old('worker'), await cluster.startWorker()]
    for (const task of tasks) {
      expect(await ended(client, task)).toMatchObject({ status: 'completed' })
      const views = [
        pathOf(task),
        `${pathOf(task)}/log?limit=200`,
        `${pathOf(task)}/events?after=0`,
      ]
      for (const view of views) {
        const [now, then] = await Promise.all(clients.map((each) => each.send('GET', view)))
        expect(now).toEqual(then)
      }
    }
    expect(successors.every((worker) => worker.alive())).toBe(true)
  })

  test('a rolling upgrade ends the turns that both have accepted, and repeats no step', async ({
    client,
    cluster,
    own,
    old,
  }) => {
    await cluster.killAllBut([])
    const oldApi = await old('api')
    const oldClient = createClient(oldApi.url, cluster.key)
    const oldWorkers = [await old('worker'), await old('worker')]
    const tasks: { task: MadeTask; steps: number }[] = []
    async function submitAll(clients: Client[]): Promise<void> {
      for (const each of clients) {
        for (const script of scripts) {
          tasks.push({ task: await begin(each, ['helper', script]), steps: 3 })
        }
      }
    }
    // The workers of the version before leave turns of the new API to new workers.
    await submitAll([oldClient, client])
    await expect.poll(() => cluster.model.requests.length).toBeGreaterThan(8)
    for (const worker of oldWorkers) {
      await cluster.startWorker()
      await submitAll([oldClient, client])
      await worker.stop()
    }
    await submitAll([oldClient])
    await oldApi.stop()
    await submitAll([client])

    for (const { task, steps } of tasks) {
      expect(await ended(client, task)).toMatchObject({ status: 'completed' })
      const log = await client.made('GET', `${pathOf(task)}/log?limit=200`)
      const entries = log['data'] as { type: string; step?: number }[]
      const finished = entries.flatMap(({ type, step }) => (type === 'step.finished' ? step : []))
      expect(finished).toEqual(Array.from({ length: steps }, (_, at) => at + 1))
    }
    const { outbox, ring, returned, newer, broken, leases } = shardKeys(0)
    for (const set of [outbox, ring, returned, newer, broken, leases]) {
      await expect.poll(async () => [set, await own.zcard(set)]).toEqual([set, 0])
    }
  })
})

/** Turns that run, and turns that wait for their vendor without a worker. */
const date = { calls: [{ id: 'd1', name: 'current_date', arguments: {} }] }
const later = { status: 429, headers: { 'retry-after': '11' } }
const scripts = [
  message([date, { ...date, delay: 300 }, { text: 'Soon.' }]),
  message([date, { ...date, delay: 1_000 }, { text: 'Slowly.', delay: 1_500 }]),
  message([date, [later, date], { text: 'Later.' }]),
]
