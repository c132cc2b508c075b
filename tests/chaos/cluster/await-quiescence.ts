import { parseJobId, shardKeys } from '@longhaul/redis'
import type { Redis } from 'ioredis'
import { setTimeout as sleep } from 'node:timers/promises'
import { lockMs } from './chaos-cluster.ts'

/** How many workers a turn may lose between two of its steps: then it waits for a process of its own, and takes longer. */
const mostDeaths = 2
/** Longer than this it is not waited: a turn that gets nowhere at all must not end the trouble. */
const patience = 30_000

type Options = {
  /** When there were some. */
  lastDeaths: number[]
  /** Until when no turn can get on, as its vendor is out of order. */
  outage: () => number
  signal: AbortSignal
}

/** Waits until no turn would lose too many workers by one more death. */
export async function awaitQuiescence(
  redis: Redis,
  { lastDeaths, outage, signal }: Options,
): Promise<void> {
  const start = Date.now()
  while (Date.now() < Math.max(start, outage()) + patience) {
    // For so long the dead still hold their turns, and nobody has counted yet.
    const uncounted = lastDeaths.filter((at) => at > Date.now() - 1.5 * lockMs).length
    const counted = await deathsOfWorst(redis).catch(() => Infinity)
    if (counted + uncounted < mostDeaths) return
    await sleep(100, undefined, { signal })
  }
}

/** How many workers the unluckiest of all turns has lost since its last step, as their heads count. */
async function deathsOfWorst(redis: Redis): Promise<number> {
  const { tag, outbox, leases } = shardKeys(0)
  const [seconds] = await redis.time()
  const [running, orphaned, waiting] = await Promise.all([
    redis.zrange(leases, '0', '-1'),
    redis.zrangebyscore(leases, '-inf', Number(seconds) * 1_000),
    redis.zrange(outbox, '0', '-1'),
  ])
  const deaths = [...running, ...waiting].map(async (id) => {
    const job = parseJobId(id)
    if (job === undefined) return 0
    const counted = await redis.hget(`${tag}:task:${job.taskId}`, 'deaths')
    // Of a later segment: its worker is gone, and the next one has yet to count that.
    const lost = orphaned.includes(id) || (waiting.includes(id) && job.segment > 1)
    return Number(counted ?? 0) + (lost ? 1 : 0)
  })
  return Math.max(0, ...(await Promise.all(deaths)))
}
