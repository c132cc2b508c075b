import { parseJobId, shardKeys } from '@longhaul/redis'
import type { Redis } from 'ioredis'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ChaosCluster, lockMs } from './chaos-cluster.ts'

/** How many workers a turn may lose between two of its steps. After that it runs in a process of its own, which is slower. */
const mostDeaths = 2
/** The longest wait: a turn that makes no progress must not stop the faults of the run. */
const patience = 30_000

type Options = {
  /** The times of the latest deaths, if there were any. */
  lastDeaths: number[]
  /** Until when no turn can make progress because its vendor has an outage. */
  outage: () => number
  signal: AbortSignal
}

/** Waits until one more death would cost no turn too many workers. */
export async function awaitQuiescence(
  { control, redis }: Pick<ChaosCluster, 'control' | 'redis'>,
  { lastDeaths, outage, signal }: Options,
): Promise<void> {
  const start = Date.now()
  while (Date.now() < Math.max(start, outage()) + patience) {
    // Until the leases of the dead workers expire, these deaths are not yet counted.
    const uncounted = lastDeaths.filter((at) => at > Date.now() - 1.5 * lockMs).length
    const shards = Array.from({ length: redis.shards }, (_, shard) => deathsOfWorst(control, shard))
    const counted = await Promise.all(shards).then(
      (all) => Math.max(...all),
      () => Infinity,
    )
    if (counted + uncounted < mostDeaths) return
    await sleep(100, undefined, { signal })
  }
}

/** The highest crash count of a shard's turns since their last step, by their heads. */
async function deathsOfWorst(redis: Redis, shard: number): Promise<number> {
  const { tag, returned, leases } = shardKeys(shard)
  const [seconds] = await redis.time()
  const [running, orphaned, waiting] = await Promise.all([
    redis.zrange(leases, '0', '-1'),
    redis.zrangebyscore(leases, '-inf', Number(seconds) * 1_000),
    redis.zrange(returned, '0', '-1'),
  ])
  const deaths = [...running, ...waiting].map(async (id) => {
    const turn = parseJobId(id)
    if (turn === undefined) return 0
    const counted = await redis.hget(`${tag}:task:${turn.taskId}`, 'deaths')
    // The next worker has yet to count that the worker is gone.
    const lost = orphaned.includes(id) || waiting.includes(id)
    return Number(counted ?? 0) + (lost ? 1 : 0)
  })
  return Math.max(0, ...(await Promise.all(deaths)))
}
