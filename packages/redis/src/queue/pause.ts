import { pause } from 'bullmq/dist/esm/scripts/pause-7.js'
import type { Tickets } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { shardKeys } from '../connection/keys.ts'
import { guarded } from '../connection/unavailable.ts'
import { asSource } from '../lua/define-script.ts'
import { runScript } from '../lua/run-script.ts'
import { setPausedScript } from '../lua/scheduler/set-paused.ts'
import { offerTicket } from './tickets.ts'

/** Pauses a shard, or ends its pause. Running turns continue; a claim finds no turn that may start. */
export async function setPaused(
  redis: Redis,
  {
    shard,
    isPaused: isNow,
    tickets,
    clockTime = '',
  }: { shard: number; isPaused: boolean; tickets?: Tickets; clockTime?: number | '' },
): Promise<void> {
  // A pause of earlier versions would be carried over again.
  if (await guarded(() => redis.exists(shardKeys(shard).formerMeta)))
    await pauseFormerQueue(redis, shard, isNow)
  const call = setPausedScript.call(shardKeys(shard), { clockTime, isPaused: isNow })
  offerTicket(tickets, shard, { wantsTicket: await runScript(redis, call) })
}

export async function isPaused(redis: Redis, shard: number): Promise<boolean> {
  return (await guarded(() => redis.zscore(shardKeys(shard).ring, '!paused'))) !== null
}

/** BullMQ's script, from its package. A paused queue accepts jobs and delivers none. It works in a full Redis, too. */
const script = asSource('pause', `#!lua flags=allow-oom\n${pause.content}`)

/** Does the same for the workers of earlier versions that still run. */
async function pauseFormerQueue(redis: Redis, shard: number, paused: boolean): Promise<void> {
  const { formerQueue } = shardKeys(shard)
  const lists = paused ? ['wait', 'paused'] : ['paused', 'wait']
  const names = [...lists, 'meta', 'prioritized', 'events', 'delayed', 'marker']
  const keys = names.map((name) => formerQueue + name)
  const args = [paused ? 'paused' : 'resumed', '0']
  await runScript(redis, { script, keys, args, parse: () => {} })
}
