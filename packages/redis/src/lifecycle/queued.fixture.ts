import type { Redis } from 'ioredis'
import { shardKeys } from '../connection/keys.ts'

/** The queued turns of shard 0, in whichever backlog they are. */
export async function queuedTurns(redis: Redis): Promise<string[]> {
  const { tag, returned, newer, due } = shardKeys(0)
  const backlogs = [...(await redis.keys(`${tag}:backlog:*`)), returned, newer, due]
  const members = await Promise.all(backlogs.map((key) => redis.zrange(key, '0', '-1')))
  return members.flat()
}

/** The waiting tickets of shard 0. */
export async function waitingTickets(redis: Redis): Promise<number> {
  return await redis.llen(shardKeys(0).tickets)
}
