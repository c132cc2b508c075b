import type { Attempt } from '@longhaul/core'
import { taskKeys } from '../connection/keys.ts'
import { runScript } from '../lua/run-script.ts'
import { releaseScript } from '../lua/turn/release.ts'
import type { StoreContext } from './store-context.ts'

/** Releases the turn of an attempt. A report counts a crash. */
export async function releaseTurn(
  { redis, clockTime }: StoreContext,
  { taskId, attempt }: Attempt,
  report?: 'died' | 'alone',
): Promise<{ released: boolean }> {
  const values = { clockTime: clockTime(), attempt, report }
  return { released: await runScript(redis, releaseScript.call(taskKeys(taskId), values)) }
}
