import { pause } from 'bullmq/dist/esm/scripts/pause-7.js'
import type { Redis } from 'ioredis'
import type { ShardKeys } from '../connection/keys.ts'
import { guarded } from '../connection/unavailable.ts'
import { asSource } from '../lua/define-script.ts'
import { runScript } from '../lua/run-script.ts'

/** BullMQ's script, from its package. A paused queue accepts jobs and delivers none. It works in a full Redis, too. */
const script = asSource('pause', `#!lua flags=allow-oom\n${pause.content}`)

export async function setPaused(
  redis: Redis,
  { queue }: ShardKeys,
  paused: boolean,
): Promise<void> {
  const lists = paused ? ['wait', 'paused'] : ['paused', 'wait']
  const names = [...lists, 'meta', 'prioritized', 'events', 'delayed', 'marker']
  const keys = names.map((name) => queue + name)
  const args = [paused ? 'paused' : 'resumed', '0']
  await runScript(redis, { script, keys, args, parse: () => {} })
}

export async function isPaused(redis: Redis, { queue }: ShardKeys): Promise<boolean> {
  return (await guarded(() => redis.hexists(`${queue}meta`, 'paused'))) === 1
}
