import { Redis } from 'ioredis'
import { type Database, claimDatabase } from '../redis/claim-database.ts'
import { type Stack, apiKeys, callWith, startStack } from './start-cluster.ts'

/** Workspaces of which each is lent once, so that no file finds what another one has left. */
const workspaces = Array.from({ length: 500 }, (_, at) => {
  const number = String(at).padStart(3, '0')
  return { workspace: `w${number}`, key: `lh_${number}0f0f0f0f0f0f0_for-one-file-alone` }
})

/** Every workspace that a shared stack knows, as `LONGHAUL_API_KEYS` has it. */
const everyKey = [apiKeys, ...workspaces.map(({ workspace, key }) => `${workspace}:${key}`)].join(
  ',',
)

/** A stack that several test files use, one after the other. */
export type SharedStack = {
  /**
   * The stack with a workspace and a key of the borrower's own. Nothing is left of earlier requests to
   * its model. Processes that have died are replaced first.
   */
  lend(): Promise<Stack>
  /** Ends what the borrower has started: further processes, and turns that have not ended. */
  clear(): Promise<void>
  /** Idempotent. */
  stop(): Promise<void>
}

type Options = { redisServer: string; workers: number; env: Record<string, string> }

export function createSharedStack({ redisServer, workers, env }: Options): SharedStack {
  let database: Database | undefined
  let redis: Redis | undefined
  let stack: Stack | undefined
  const unused = [...workspaces]

  async function start(): Promise<Stack> {
    database ??= await claimDatabase(redisServer)
    redis ??= new Redis(database.url, { maxRetriesPerRequest: 1 })
    await stack?.kill()
    const redisUrl = database.url
    return await startStack({ redisUrl, workers, env: { ...env, LONGHAUL_API_KEYS: everyKey } })
  }

  return {
    async lend() {
      if (stack === undefined || !stack.api.alive()) stack = await start()
      const { model, workers: living, startWorker } = stack
      while (living.length < workers) await startWorker()
      model.reset()
      const own = unused.shift()
      const stranger = unused.shift()
      if (own === undefined || stranger === undefined) {
        throw new Error('every workspace of the shared stack has been lent')
      }
      const call = callWith(stack.url, own.key)
      return { ...stack, ...own, strangersKey: stranger.key, call }
    },
    async clear() {
      if (stack === undefined || redis === undefined) return
      const idle = await isIdle(redis)
      // A worker of the stack's own is kept while it has nothing to do.
      const kept = idle ? stack.workers.filter((worker) => worker.alive()).slice(0, workers) : []
      await stack.killAllBut(kept)
      if (!idle || workers === 0) await purge(redis)
    },
    async stop() {
      await stack?.kill()
      stack = undefined
      redis?.disconnect()
      redis = undefined
      await database?.release()
      database = undefined
    },
  }
}

async function isIdle(redis: Redis): Promise<boolean> {
  const sets = await Promise.all(
    ['outbox', 'leases', 'deadlines'].map((set) => redis.zcard(tag + set)),
  )
  return sets.every((size) => size === 0)
}

/** Deletes every task and job, but not the hints: their numbers go on. */
async function purge(redis: Redis): Promise<void> {
  const keys = await redis.keys(`${tag}*`)
  const gone = keys.filter((key) => ![`${tag}wake`, `${tag}cancels`].includes(key))
  if (gone.length > 0) await redis.unlink(gone)
}

const tag = '{lh:s0}:'
