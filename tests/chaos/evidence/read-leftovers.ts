import { shardKeys } from '@longhaul/redis'
import type { Redis } from 'ioredis'
import { setTimeout as sleep } from 'node:timers/promises'

/** How long workers may need to find that the turns of the last jobs have ended. */
const settleMs = 15_000

/** Reports work that is left by its key although every turn has ended. Waits for it to disappear first. */
export async function readLeftovers(redis: Redis, shards: number): Promise<string[]> {
  const deadline = Date.now() + settleMs
  for (;;) {
    const found = Array.from({ length: shards }, (_, shard) => look(redis, shard))
    const left = (await Promise.all(found)).flat()
    if (left.length === 0 || Date.now() > deadline) return left
    await sleep(250)
  }
}

async function look(redis: Redis, shard: number): Promise<string[]> {
  const { ring, returned, newer, broken, leases, answers, uncounted, queue } = shardKeys(shard)
  const counts = await Promise.all([
    ...[ring, returned, newer, broken].map((key) => count(key, redis.zcard(key))),
    count(leases, redis.zcard(leases)),
    count(answers, redis.zcard(answers)),
    count(uncounted, redis.llen(uncounted)),
    ...['wait', 'active'].map((state) => count(queue + state, redis.llen(queue + state))),
    ...['delayed', 'prioritized'].map((state) => count(queue + state, redis.zcard(queue + state))),
  ])
  return [...counts.flat(), ...(await leftInWorkspaces(redis, shard))]
}

/** What is queued or holds a slot, by the counts of the workspaces. */
async function leftInWorkspaces(redis: Redis, shard: number): Promise<string[]> {
  const { workspaces, workspaceState, runningTurns, keyRing } = shardKeys(shard)
  const counts = (await redis.smembers(workspaces)).map(async (name) => {
    const queued = await redis.hget(workspaceState(name), 'queued')
    return [
      ...(Number(queued ?? 0) === 0 ? [] : [`${queued} queued in ${workspaceState(name)}`]),
      ...(await count(runningTurns(name), redis.scard(runningTurns(name)))),
      ...(await count(keyRing(name), redis.zcard(keyRing(name)))),
    ]
  })
  return (await Promise.all(counts)).flat()
}

async function count(key: string, found: Promise<number>): Promise<string[]> {
  const number = await found
  return number === 0 ? [] : [`${number} in ${key}`]
}
