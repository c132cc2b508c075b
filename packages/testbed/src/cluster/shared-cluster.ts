import type { Redis } from 'ioredis'
import { type Database, claimDatabase } from '../redis/claim-database.ts'
import { keysOf, openRedis } from '../redis/open-redis.ts'
import { apiKeys, callWith } from './call-api.ts'
import { type Cluster, startCluster } from './start-cluster.ts'

/** Each workspace is lent once, so that no file finds data of another one. */
const workspaces = Array.from({ length: 500 }, (_, at) => {
  const number = String(at).padStart(3, '0')
  return { workspace: `w${number}`, key: `lh_${number}0f0f0f0f0f0f0_for-one-file-alone` }
})

/** The keys of all workspaces, in the form of `LONGHAUL_API_KEYS`. */
const everyKey = [apiKeys, ...workspaces.map(({ workspace, key }) => `${workspace}:${key}`)].join(
  ',',
)

/** A cluster that several test files use, one after the other. */
export type SharedCluster = {
  /**
   * Lends the cluster with a workspace and a key of the borrower's own. Earlier requests to its model are
   * deleted. Processes that have died are replaced first.
   */
  lend(): Promise<Cluster>
  /** Ends what the borrower has started: further processes and unfinished turns. */
  clear(): Promise<void>
  /** Idempotent. */
  stop(): Promise<void>
}

type Options = { redisServer: string; workers: number; env: Record<string, string> }

export function createSharedCluster({ redisServer, workers, env }: Options): SharedCluster {
  let database: Database | undefined
  let redis: Redis | undefined
  let cluster: Cluster | undefined
  const unused = [...workspaces]

  async function start(): Promise<Cluster> {
    database ??= await claimDatabase(redisServer)
    redis ??= openRedis(database.url)
    await cluster?.kill()
    const redisUrl = database.url
    return await startCluster({ redisUrl, workers, env: { ...env, LONGHAUL_API_KEYS: everyKey } })
  }

  return {
    async lend() {
      if (cluster === undefined || !cluster.api.alive()) cluster = await start()
      const { model, workers: living, startWorker } = cluster
      while (living.length < workers) await startWorker()
      model.reset()
      const own = unused.shift()
      const stranger = unused.shift()
      if (own === undefined || stranger === undefined) {
        throw new Error('every workspace of the shared cluster has been lent')
      }
      const call = callWith(cluster.url, own.key)
      return { ...cluster, ...own, strangersKey: stranger.key, call }
    },
    async clear() {
      if (cluster === undefined || redis === undefined) return
      const idle = await isIdle(redis)
      // An idle worker of the cluster is kept.
      const kept = idle ? cluster.workers.filter((worker) => worker.alive()).slice(0, workers) : []
      await cluster.killAllBut(kept)
      if (!idle || workers === 0) await purge(redis)
    },
    async stop() {
      await cluster?.kill()
      cluster = undefined
      redis?.disconnect()
      redis = undefined
      await database?.release()
      database = undefined
    },
  }
}

async function isIdle(redis: Redis): Promise<boolean> {
  const sets = ['ring', 'leases', 'deadlines'].map((set) => keysOf(redis, `{lh:s*}:${set}`))
  return (await Promise.all(sets)).flat().length === 0
}

/** Deletes every task and ticket. The notifications stay, as their numbers continue. */
async function purge(redis: Redis): Promise<void> {
  const keys = await keysOf(redis, '{lh:s*}:*')
  const gone = keys.filter((key) => !/^[^:]*:s\d+\}:(wake|cancels)$/.test(key))
  await Promise.all(gone.map((key) => redis.unlink(key)))
}
