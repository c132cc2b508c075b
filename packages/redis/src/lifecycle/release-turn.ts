import { type Attempt, shardOf, type TurnRef } from '@longhaul/core'
import { taskKeys } from '../connection/keys.ts'
import { runScript } from '../lua/run-script.ts'
import { postponeScript } from '../lua/turn/postpone.ts'
import { releaseScript } from '../lua/turn/release.ts'
import { offerLater, offerTicket } from '../queue/tickets.ts'
import type { StoreContext } from './store-context.ts'

/** Releases the turn of an attempt. A report counts a crash. */
export async function releaseTurn(
  { redis, clockTime, tickets }: StoreContext,
  { taskId, attempt }: Attempt,
  { report, afterMs = 0 }: { report: 'died' | 'alone' | undefined; afterMs: number | undefined },
): Promise<{ released: boolean }> {
  const values = { clockTime: clockTime(), attempt, report, afterMs }
  const reply = await runScript(redis, releaseScript.call(taskKeys(taskId), values))
  offerTicket(tickets, shardOf(taskId), reply)
  offerLater(tickets, shardOf(taskId), reply.released ? afterMs : 0)
  return { released: reply.released }
}

/** Lets a queued turn wait. */
export async function postponeTurn(
  { redis, clockTime, tickets }: StoreContext,
  { taskId, turn }: TurnRef,
  afterMs: number,
): Promise<{ postponed: boolean }> {
  const values = { clockTime: clockTime(), turn, afterMs }
  const reply = await runScript(redis, postponeScript.call(taskKeys(taskId), values))
  offerTicket(tickets, shardOf(taskId), reply)
  offerLater(tickets, shardOf(taskId), reply.isPostponed ? afterMs : 0)
  return { postponed: reply.isPostponed }
}
