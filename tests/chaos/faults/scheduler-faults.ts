import { shardKeys } from '@longhaul/redis'
import type { Redis } from 'ioredis'
import { setTimeout as sleep } from 'node:timers/promises'
import { createSeededRandom } from '../tasks/seeded-random.ts'
import { limitedWorkspaces } from '../tasks/workspaces.ts'
import type { FaultAction } from './fault-actions.ts'

const doubled = 5

/** Changes of what the scheduler reads: limits of workspaces, and the queue of tickets. */
export const schedulerFaults = {
  async 'limits changed'({ cluster, share }) {
    const { random, workspace } = drawn(share)
    await cluster.limits.set(workspace, {
      running: random.between(1, 8),
      runningPerFairnessKey: random.between(1, 4),
      weight: random.between(1, 3),
    })
  },

  async 'workspace paused'({ cluster, share, ms }) {
    const { workspace } = drawn(share)
    await cluster.limits.set(workspace, { paused: true })
    await sleep(ms)
    await cluster.limits.set(workspace, { paused: false })
  },

  async 'tickets lost'({ cluster: { control, redis }, share, ms }) {
    const lose = share < 0.5 ? removeTickets : share < 0.75 ? removeJobs : removeQueue
    for (const until = Date.now() + ms; Date.now() < until;) {
      // While Redis is away, there is nothing to lose.
      for (const shard of shardsOf(redis)) await lose(control, shard).catch(() => {})
      await sleep(20)
    }
  },

  async 'tickets doubled'({ cluster }) {
    const { control } = cluster
    for (const shard of shardsOf(cluster.redis)) {
      const { tickets } = shardKeys(shard)
      const waiting = await control.lrange(tickets, 0, -1).catch(() => [])
      if (waiting.length > 0) await control.lpush(tickets, ...waiting).catch(() => {})
      for (let at = 0; at < doubled; at += 1) await cluster.tickets.add(shard).catch(() => {})
    }
  },
} satisfies Record<string, FaultAction>

function drawn(share: number) {
  const random = createSeededRandom(Math.floor(share * 2 ** 32))
  const place = random.between(0, limitedWorkspaces.length - 1)
  return { random, workspace: limitedWorkspaces[place] ?? limitedWorkspaces[0] }
}

function shardsOf({ shards }: { shards: number }): number[] {
  return Array.from({ length: shards }, (_, shard) => shard)
}

/** Removes every ticket that waits. */
async function removeTickets(redis: Redis, shard: number): Promise<void> {
  const { queue, tickets } = shardKeys(shard)
  for (const id of await redis.lrange(tickets, 0, -1)) {
    // Otherwise a worker has taken it in the meantime.
    if ((await redis.lrem(tickets, 1, id)) > 0) await redis.del(queue + id)
  }
}

/** Leaves the tickets in the list, and removes what they stand for. */
async function removeJobs(redis: Redis, shard: number): Promise<void> {
  const { queue, tickets } = shardKeys(shard)
  const waiting = await redis.lrange(tickets, 0, -1)
  if (waiting.length > 0) await redis.del(...waiting.map((id) => queue + id))
}

/** Removes the list itself. */
async function removeQueue(redis: Redis, shard: number): Promise<void> {
  await redis.del(shardKeys(shard).tickets)
}
