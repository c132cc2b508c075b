import { addDemand, demandOf, noDemand, pausedDemand, type ShardDemand } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { shardKeys } from '../connection/keys.ts'
import { guarded } from '../connection/unavailable.ts'
import { countStartableScript } from '../lua/scheduler/count-startable.ts'
import { runScript } from '../lua/run-script.ts'

/** How many workspaces one script examines: it must not delay others for long. */
const together = 50

/** Reads how many slots the turns of a shard could use, and how many there are. */
export async function readDemand(
  redis: Redis,
  shard: number,
  { now, silentMs, clockTime }: { now: number; silentMs: number; clockTime: number | '' },
): Promise<ShardDemand> {
  const [lanes, others, workers] = await Promise.all([
    readLanes(redis, shard, clockTime),
    readBeforeLanes(redis, shard, now),
    readSlots(redis, shard, now - silentMs),
  ])
  const { isPaused, ...before } = others
  const demand = addDemand(lanes, before)
  return { ...(isPaused ? pausedDemand(demand) : demand), workers }
}

/** The turns in the lanes of all workspaces. */
async function readLanes(redis: Redis, shard: number, clockTime: number | '') {
  const keys = shardKeys(shard)
  let demand = noDemand()
  let cursor = '0'
  do {
    const [next, names] = await guarded(() =>
      redis.sscan(keys.workspaces, cursor, 'COUNT', together),
    )
    cursor = next
    const queues = await runScript(redis, countStartableScript.call(keys, { clockTime, names }))
    demand = queues.map(demandOf).reduce(addDemand, demand)
  } while (cursor !== '0')
  return demand
}

/** The running turns, and those that come before all lanes. */
async function readBeforeLanes(redis: Redis, shard: number, now: number) {
  const { leases, ring, returned, newer, due: later } = shardKeys(shard)
  const [running, paused, all, due, [, since = now], newerTurns, laterTurns] = await guarded(() =>
    Promise.all([
      redis.zcard(leases),
      redis.zscore(ring, '!paused'),
      redis.zcard(returned),
      redis.zcount(returned, '-inf', now),
      redis.zrange(returned, '0', '0', 'WITHSCORES'),
      redis.zcard(newer),
      redis.zcard(later),
    ]),
  )
  const { blocked } = noDemand()
  return {
    isPaused: paused !== null,
    running,
    startable: due,
    blocked: { ...blocked, repair: all - due, no_worker: newerTurns, start_at: laterTurns },
    waitMs: due > 0 ? Math.max(0, now - Number(since)) : 0,
  }
}

/** The slots of each living worker. */
async function readSlots(redis: Redis, shard: number, aliveSince: number) {
  const { workers, scheduler } = shardKeys(shard)
  const ids = await guarded(() => redis.zrangebyscore(workers, aliveSince, '+inf'))
  if (ids.length === 0) return []
  const slots = await guarded(() => redis.hmget(scheduler, ...ids.map((id) => `slots:${id}`)))
  return ids.map((id, at) => ({ id, slots: Number(slots[at] ?? 0) }))
}
