import {
  startMcpServer,
  startScriptedServer,
  startCluster,
  test as base,
  testKey,
} from '@longhaul/testbed'
import { Redis } from 'ioredis'
import { type Client, createClient } from './client.ts'
import { settings } from './environment.ts'
import { loadFixture, restore } from './fixture.ts'
import { type MadeTask, pathOf } from './make-tasks.ts'
import { waitFor } from './wait-for.ts'

/** An API of this version on the Redis of the version before. `worker` also starts a worker. */
export const test = base
  .extend('service', { scope: 'file' }, async ({}, { onCleanup }) => {
    const service = await startScriptedServer()
    onCleanup(() => service.close())
    return service
  })
  .extend('mcp', { scope: 'file' }, async ({}, { onCleanup }) => {
    const mcp = await startMcpServer()
    onCleanup(() => mcp.close())
    return mcp
  })
  .extend('own', { scope: 'file' }, ({ redisUrl }, { onCleanup }) => {
    const own = new Redis(redisUrl, { maxRetriesPerRequest: 1 })
    onCleanup(() => own.disconnect())
    return own
  })
  .extend('before', { scope: 'file' }, async ({ own, service, mcp }) => {
    const fixture = await loadFixture({
      service: new URL(service.url).host,
      mcp: new URL(mcp.url).host,
    })
    await restore(own, fixture)
    return fixture
  })
  .extend('made', { scope: 'file' }, ({ before }) => before.made)
  .extend('cluster', { scope: 'file' }, async ({ redisUrl, before }, { onCleanup }) => {
    const cluster = await startCluster({ redisUrl, workers: 0, env: settings })
    onCleanup(() => cluster.kill())
    if (before.keys.length === 0) throw new Error('the fixture is empty')
    return cluster
  })
  .extend('client', { scope: 'file' }, ({ cluster }) => createClient(cluster.url, testKey))
  .extend('worker', { scope: 'file' }, ({ cluster }) => cluster.startWorker())

/** Reads a task once its latest turn has ended. */
export async function ended(client: Client, task: MadeTask): Promise<Record<string, unknown>> {
  return await waitFor(async () => {
    const { body } = await client.send('GET', `${pathOf(task)}?include=messages`)
    return ['queued', 'in_progress'].includes(String(body['status'])) ? undefined : body
  })
}
