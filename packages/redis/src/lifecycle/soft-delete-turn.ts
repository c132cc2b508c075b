import type { TurnRef } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { forgetTask } from './purge-task.ts'
import { taskKeys } from '../connection/keys.ts'
import { loadScript, runScript } from '../connection/script.ts'

const script = loadScript('task/soft-delete')

/** Hides a turn, and forgets the task when it was the last one that anybody could see. */
export async function hideTurn(
  redis: Redis,
  { taskId, turn }: TurnRef,
  now: number | '',
): Promise<'hidden' | 'live' | 'not_found'> {
  const { head, shard } = taskKeys(taskId)
  const outcome = (await runScript(redis, script, [head, shard.forget], [now, taskId, turn])) as
    | 'hidden'
    | 'last'
    | 'live'
    | 'not_found'
  if (outcome !== 'last') return outcome
  // Who dies before this leaves it to the reconciler. With a turn that came meanwhile the task is not due any more.
  await forgetTask(redis, taskId, { now, whenDue: true })
  return 'hidden'
}
