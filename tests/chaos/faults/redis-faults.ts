import { setTimeout as sleep } from 'node:timers/promises'
import { fillDisk } from '../cluster/full-disk.ts'
import type { ChaosCluster } from '../cluster/chaos-cluster.ts'
import { retryUntilStored } from '../cluster/retry-until-stored.ts'
import { everyProcessOf, type FaultAction, slowDown } from './fault-actions.ts'

export const redisFaults = {
  'Redis killed': ({ cluster, ms }) =>
    alone(cluster, async () => {
      await cluster.redis.kill()
      await sleep(ms)
      await cluster.redis.restart()
    }),

  'Redis frozen': ({ cluster, ms }) =>
    alone(cluster, async (pid) => {
      process.kill(pid, 'SIGSTOP')
      await sleep(ms)
      process.kill(pid, 'SIGCONT')
    }),

  'Redis disk full': ({ cluster, ms }) =>
    alone(cluster, async (pid) => {
      await fillDisk(pid, true)
      await sleep(ms)
      await fillDisk(pid, false)
    }),

  async 'Redis full'({ cluster, ms }) {
    await retryUntilStored(() => cluster.control.config('SET', 'maxmemory-policy', 'noeviction'))
    await setFor(cluster, ms, ['maxmemory', '1mb', '0'], () =>
      retryUntilStored(() => refusesWrites(cluster)),
    )
  },

  'Redis read-only': ({ cluster, ms }) => setFor(cluster, ms, ['min-replicas-to-write', '1', '0']),

  async 'scripts flushed'({ cluster }) {
    await retryUntilStored(() => cluster.control.script('FLUSH'))
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

/** Keeps other faults away from Redis during a fault. */
async function alone(cluster: ChaosCluster, act: (pid: number) => Promise<void>): Promise<void> {
  const { pid } = cluster.redis
  if (pid === undefined) throw new Error('a Redis in a container cannot be reached by its pid')
  cluster.redisAway = true
  try {
    await act(pid)
  } finally {
    cluster.redisAway = false
  }
}

/** Changes a setting of Redis, checks the effect, and restores the setting. */
async function setFor(
  { control }: ChaosCluster,
  ms: number,
  [name, value, usual]: [string, string, string],
  check?: () => Promise<void>,
): Promise<void> {
  await retryUntilStored(() => control.config('SET', name, value))
  try {
    await check?.()
    await sleep(ms)
  } finally {
    await retryUntilStored(() => control.config('SET', name, usual))
  }
}

/** Rejects when Redis accepts a write that it should refuse. */
async function refusesWrites({ control }: ChaosCluster): Promise<void> {
  const answer = await control.set('chaos:full', '1').catch((error: unknown) => String(error))
  if (!answer.includes('OOM')) throw new Error(`a full Redis answered a write with ${answer}`)
}
