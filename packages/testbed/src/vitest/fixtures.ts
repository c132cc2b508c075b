import { inject, test as base } from 'vitest'
import { claimDatabase } from '../redis/claim-database.ts'
import { flush, openRedis } from '../redis/open-redis.ts'
import { startApp } from '../processes/app-process.ts'
import { type SharedCluster, createSharedCluster } from '../cluster/shared-cluster.ts'

/**
 * `redisUrl` names a database that only this file uses and that is empty at its start. `redis` is a
 * client of it, and each test that uses `redis` finds the database empty. A process that a test starts
 * with `startApp` ends with the test.
 */
export const test = base
  .extend('redisUrl', { scope: 'file' }, async ({}, { onCleanup }) => {
    const { url, release } = await claimDatabase(inject('redisServer'))
    onCleanup(release)
    return url
  })
  .extend('redis', async ({ redisUrl }, { onCleanup }) => {
    const redis = openRedis(redisUrl)
    await flush(redis)
    onCleanup(() => redis.disconnect())
    return redis
  })
  .extend('startApp', async ({}, { onCleanup }): Promise<typeof startApp> => {
    const starting: ReturnType<typeof startApp>[] = []
    onCleanup(async () => {
      const ends = starting.map((app) => app.then(({ kill }) => kill()))
      await Promise.allSettled(ends)
    })
    return (...words) => {
      const app = startApp(...words)
      starting.push(app)
      return app
    }
  })

/** The hosts that tools of every shared cluster may reach, and the key that seals their secrets. */
const env = {
  LONGHAUL_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
  LONGHAUL_EGRESS_ALLOW: '127.0.0.1',
}

// One cluster per number of workers for all files of a vitest worker: files share their modules. A vitest
// worker without further files ends, and its clusters with it.
const shared = new Map<number, SharedCluster>()

function sharedCluster(
  workers: number,
  onCleanup: (end: () => Promise<void>) => void,
): SharedCluster {
  const redisServer = inject('redisServer')
  const cluster = shared.get(workers) ?? createSharedCluster({ redisServer, workers, env })
  shared.set(workers, cluster)
  onCleanup(() => cluster.stop())
  return cluster
}

/**
 * `cluster` is the API, a worker and a scripted model, with a workspace that only this file uses.
 * Other files use the processes afterwards: a test that breaks them needs a cluster of its own.
 * A file that prepares its workspace overrides `cluster` with the prepared `lent`.
 */
export const clusterTest = test
  .extend('shared', { scope: 'worker' }, ({}, { onCleanup }) => sharedCluster(1, onCleanup))
  .extend('lent', { scope: 'file' }, async ({ shared: lender }, { onCleanup }) => {
    onCleanup(() => lender.clear())
    return await lender.lend()
  })
  .extend('cluster', { scope: 'file' }, ({ lent }) => lent)

/**
 * `cluster` is the API and a scripted model without a worker. The workers that a test starts, and what it
 * has submitted, end with the test. A file that prepares its workspace overrides `workspace` with the
 * prepared `lent`.
 */
export const workerTest = test
  .extend('shared', { scope: 'worker' }, ({}, { onCleanup }) => sharedCluster(0, onCleanup))
  .extend('lent', { scope: 'file' }, async ({ shared: lender }, { onCleanup }) => {
    onCleanup(() => lender.clear())
    return await lender.lend()
  })
  .extend('workspace', { scope: 'file' }, ({ lent }) => lent)
  .extend('cluster', ({ shared: lender, workspace }, { onCleanup }) => {
    workspace.model.reset()
    onCleanup(() => lender.clear())
    return workspace
  })
