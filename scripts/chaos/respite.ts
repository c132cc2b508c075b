import { parseJobId, shardKeys } from '@longhaul/redis'
import type { Redis } from 'ioredis'
import { setTimeout as sleep } from 'node:timers/promises'
import { lockMs } from './house.ts'

/** Longer than this it is not waited: a turn that gets nowhere at all must not end the trouble. */
const patience = 30_000

/**
 * Waits until each turn that has lost its worker has found another one and got one step further: the
 * next burst of deaths would else be the end of it. A turn's head counts its deaths in a row.
 */
export async function respite(
  redis: Redis,
  { lastDeathAt, signal }: { lastDeathAt: number; signal: AbortSignal },
): Promise<void> {
  // Until then the dead still hold their turns.
  await sleep(Math.max(0, lastDeathAt + lockMs - Date.now()), undefined, { signal })
  const deadline = Date.now() + patience
  while (Date.now() < deadline) {
    const hurt = await isAnyHurt(redis).catch(() => true)
    if (!hurt) return
    await sleep(100, undefined, { signal })
  }
}

async function isAnyHurt(redis: Redis): Promise<boolean> {
  const { tag, outbox, leases } = shardKeys(0)
  const [seconds] = await redis.time()
  const orphans = await redis.zcount(leases, '-inf', Number(seconds) * 1_000)
  if (orphans > 0) return true
  const waiting = (await redis.zrange(outbox, '0', '-1')).flatMap((id) => parseJobId(id) ?? [])
  // A later segment: its worker is gone, and the next one has not come yet.
  if (waiting.some(({ segment }) => segment > 1)) return true
  const running = (await redis.zrange(leases, '0', '-1')).flatMap((id) => parseJobId(id) ?? [])
  const deaths = await Promise.all(
    running.map(({ taskId }) => redis.hget(`${tag}:task:${taskId}`, 'deaths')),
  )
  return deaths.some((count) => Number(count ?? 0) > 0)
}
