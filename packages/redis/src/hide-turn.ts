import type { TurnRef } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { forgetTask } from './forget-task.ts'
import { taskKeys } from './keys.ts'
import { loadScript, runScript } from './script.ts'

const script = loadScript('hide')

/** Hides a turn, and forgets the task when it was the last one that anybody could see. */
export async function hideTurn(
  redis: Redis,
  { taskId, turn }: TurnRef,
  now: number | '',
): Promise<'hidden' | 'live' | 'not_found'> {
  const reply = await runScript(redis, script, [taskKeys(taskId).head], [turn])
  const [outcome, left] = reply as ['hidden' | 'live' | 'not_found', number?]
  // A turn that comes meanwhile can be seen, and then the task stays.
  if (left === 0) await forgetTask(redis, taskId, { now, when: 'hidden' })
  return outcome
}
