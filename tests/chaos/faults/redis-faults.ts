import { shardKeys } from '@longhaul/redis'
import { setTimeout as sleep } from 'node:timers/promises'
import { fillDisk } from '../cluster/full-disk.ts'
import type { ChaosCluster } from '../cluster/chaos-cluster.ts'
import { retryUntilStored } from '../cluster/retry-until-stored.ts'
import { interrupt } from '../store/failover.ts'
import { type RedisNode, untilWhole } from '../store/redis-form.ts'
import { everyProcessOf, type FaultAction, slowDown } from './fault-actions.ts'

/** Shorter than the time after which a replica takes over, milliseconds. */
const briefly = 800

export const redisFaults = {
  'Redis killed': ({ cluster, share, ms }) =>
    alone(cluster, share, async (node) => {
      if (cluster.redis.form !== 'server') {
        return await replace(cluster, node, { how: 'killed', ms: Math.min(ms, briefly) })
      }
      await node.server.kill()
      await sleep(ms)
      await node.server.restart()
    }),

  'Redis frozen': ({ cluster, share, ms }) =>
    alone(cluster, share, async (node) => {
      if (cluster.redis.form !== 'server') {
        return await replace(cluster, node, { how: 'frozen', ms: Math.min(ms, briefly) })
      }
      process.kill(node.server.pid ?? 0, 'SIGSTOP')
      await sleep(ms)
      process.kill(node.server.pid ?? 0, 'SIGCONT')
    }),

  'Redis primary killed': ({ cluster, share, ms }) =>
    alone(cluster, share, (node) => replace(cluster, node, { how: 'killed', lagMs: ms })),

  'Redis primary frozen': ({ cluster, share, ms }) =>
    alone(cluster, share, (node) => replace(cluster, node, { how: 'frozen', lagMs: ms })),

  'Redis slot moved': ({ cluster, share }) =>
    alone(cluster, share, async () => {
      const { redis } = cluster
      await redis.moveSlot(shardKeys(Math.floor(share * redis.shards)).wake, share)
    }),

  'Redis disk full': ({ cluster, share, ms }) =>
    alone(cluster, share, async ({ server: { pid = 0 } }) => {
      await fillDisk(pid, true)
      await sleep(ms)
      await fillDisk(pid, false)
    }),

  async 'Redis full'({ cluster, ms }) {
    await setAll(cluster, 'maxmemory-policy', 'noeviction')
    await setFor(cluster, ms, ['maxmemory', '1mb', '0'], () =>
      retryUntilStored(() => refusesWrites(cluster)),
    )
  },

  'Redis read-only': ({ cluster, ms }) => setFor(cluster, ms, ['min-replicas-to-write', '2', '0']),

  async 'scripts flushed'({ cluster }) {
    for (const { redis } of cluster.redis.nodes) {
      await retryUntilStored(() => redis.script('FLUSH'))
      // A replica, and a Redis that takes no writes, keep their functions.
      await redis.call('FUNCTION', 'FLUSH').catch(() => {})
    }
  },

  async 'Redis connections reset'({ cluster }) {
    for (const { toRedis } of everyProcessOf(cluster)) toRedis.reset()
  },

  'Redis slow': ({ cluster, ms }) =>
    slowDown(
      everyProcessOf(cluster).map(({ toRedis }) => toRedis),
      ms,
    ),
} satisfies Record<string, FaultAction>

/** Performs a fault on one primary, and keeps other faults away from Redis meanwhile. */
async function alone(
  cluster: ChaosCluster,
  share: number,
  act: (node: RedisNode) => Promise<void>,
): Promise<void> {
  const { redis } = cluster
  cluster.redisAway = true
  try {
    await untilWhole(redis)
    const primaries = await redis.primaries()
    const node = primaries[Math.floor(share * primaries.length)]
    if (node?.server.pid === undefined) throw new Error('there is no Redis of this machine')
    await act(node)
  } finally {
    cluster.redisAway = false
  }
}

/** Stops a primary for a while, or until its replica has taken over. Records what was lost. */
async function replace(
  { redis, failovers, limits }: ChaosCluster,
  node: RedisNode,
  options: Parameters<typeof interrupt>[2],
): Promise<void> {
  const failover = await interrupt(redis, node, options)
  if (failover === undefined) return
  failovers.push(failover)
  await limits.repeatLost(failover)
}

/** Changes a setting of all nodes, checks the effect, and restores the setting. */
async function setFor(
  cluster: ChaosCluster,
  ms: number,
  [name, value, usual]: [string, string, string],
  check?: () => Promise<void>,
): Promise<void> {
  await setAll(cluster, name, value)
  try {
    await check?.()
    await sleep(ms)
  } finally {
    await setAll(cluster, name, usual)
  }
}

async function setAll({ redis: { nodes } }: ChaosCluster, name: string, value: string) {
  const set = nodes.map(({ redis }) => retryUntilStored(() => redis.config('SET', name, value)))
  await Promise.all(set)
}

/** Rejects when Redis accepts a write that it should refuse. */
async function refusesWrites({ control, redis }: ChaosCluster): Promise<void> {
  for (let shard = 0; shard < redis.shards; shard += 1) {
    const key = `${shardKeys(shard).tag}:chaos-full`
    const answer = await control.set(key, '1').catch((error: unknown) => String(error))
    if (!answer.includes('OOM')) throw new Error(`a full Redis answered a write with ${answer}`)
  }
}
