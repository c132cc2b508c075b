import type { Attempt, BeatReply } from '@longhaul/core'
import { taskKeys } from '../connection/keys.ts'
import { runScript } from '../lua/run-script.ts'
import { renewLeaseScript } from '../lua/turn/renew-lease.ts'
import type { StoreContext } from './store-context.ts'

/** Renews the lease of an attempt. */
export async function renewLease(
  { redis, clockTime }: StoreContext,
  { taskId, attempt }: Attempt,
  lockMs: number,
): Promise<BeatReply> {
  const values = { clockTime: clockTime(), attempt, lockMs }
  return await runScript(redis, renewLeaseScript.call(taskKeys(taskId), values))
}
