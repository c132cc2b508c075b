import type { TurnRef } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { taskKeys } from '../connection/keys.ts'
import { runScript } from '../lua/run-script.ts'
import { softDeleteScript } from '../lua/task/soft-delete.ts'
import { purgeTask } from './purge-task.ts'

/** Hides a turn, and purges the task when it was the last visible one. */
export async function softDeleteTurn(
  redis: Redis,
  { taskId, turn }: TurnRef,
  clockTime: number | '',
): Promise<'hidden' | 'live' | 'not_found'> {
  const call = softDeleteScript.call(taskKeys(taskId), { clockTime, taskId, turn })
  const outcome = await runScript(redis, call)
  if (outcome !== 'last') return outcome
  // A reconciler does it for a process that dies before this. With a turn that came meanwhile the task is not due any more.
  await purgeTask(redis, taskId, { clockTime, onlyWhenDue: true })
  return 'hidden'
}
