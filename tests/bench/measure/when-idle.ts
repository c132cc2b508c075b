import { setTimeout as sleep } from 'node:timers/promises'
import type { BenchRedis } from './bench-redis.ts'

/** Idle processes poll Redis at intervals: this number of commands in 100 ms still counts as idle. */
const idle = 30

/** Resolves when the processes are idle in Redis, or after 2 seconds. */
export async function whenIdle(redis: BenchRedis): Promise<void> {
  let { commands } = await redis.work()
  for (let looks = 0; looks < 20; looks += 1) {
    await sleep(100)
    const now = (await redis.work()).commands
    if (now - commands <= idle) return
    commands = now
  }
}
