import type { TurnRef } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { taskKeys } from '../connection/keys.ts'
import { runScript } from '../lua/run-script.ts'
import { softDeleteScript } from '../lua/task/soft-delete.ts'
import { purgeTask } from './purge-task.ts'

/** Soft-deletes a turn, and purges the task when no visible turn is left. */
export async function softDeleteTurn(
  redis: Redis,
  { taskId, turn }: TurnRef,
  clockTime: number | '',
): Promise<'hidden' | 'live' | 'not_found'> {
  const call = softDeleteScript.call(taskKeys(taskId), { clockTime, taskId, turn })
  const outcome = await runScript(redis, call)
  if (outcome !== 'last') return outcome
  // If this process dies before the purge, a reconciler does it. If a new turn was accepted meanwhile, the task is no
  // longer due.
  await purgeTask(redis, taskId, { clockTime, onlyWhenDue: true })
  return 'hidden'
}
