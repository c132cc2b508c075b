import { factVersion, headVersion } from '@longhaul/core'
import type { Redis } from 'ioredis'
import type { MadeTask } from './make-tasks.ts'

/** Changes a task's head, or its first fact, as if a newer version had written it. */
export async function writeAsNewer(
  redis: Redis,
  { task }: MadeTask,
  part: 'head' | 'fact',
): Promise<void> {
  await setVersion(redis, {
    task,
    part,
    version: part === 'head' ? headVersion + 1 : factVersion + 1,
  })
}

/** Reverts that change. */
export async function writeAsKnown(
  redis: Redis,
  { task }: MadeTask,
  part: 'head' | 'fact',
): Promise<void> {
  await setVersion(redis, { task, part, version: 1 })
}

/** All data of a task in its own keys. */
export async function storedOf(redis: Redis, { task }: MadeTask): Promise<unknown> {
  return [await redis.hgetall(headOf(task)), await redis.lrange(`${headOf(task)}:log`, 0, -1)]
}

const headOf = (task: string) => `{lh:s0}:task:${task}`

type Change = { task: string; part: 'head' | 'fact'; version: number }

async function setVersion(redis: Redis, { task, part, version }: Change): Promise<void> {
  if (part === 'head') {
    await redis.hset(headOf(task), 'v', version)
    return
  }
  const log = `${headOf(task)}:log`
  const fact = (await redis.lindex(log, 0)) ?? ''
  await redis.lset(log, 0, fact.replace(/^\{"v":\d+/, `{"v":${version}`))
}
