import { type Attempt, shardOf, type TurnRef } from '@longhaul/core'
import { taskKeys } from '../connection/keys.ts'
import { runScript } from '../lua/run-script.ts'
import { postponeScript } from '../lua/turn/postpone.ts'
import { releaseScript } from '../lua/turn/release.ts'
import { offerTicket } from '../queue/tickets.ts'
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
  offerLater({ tickets, shard: shardOf(taskId), afterMs: reply.released ? afterMs : 0 })
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
  offerLater({ tickets, shard: shardOf(taskId), afterMs: reply.isPostponed ? afterMs : 0 })
  return { postponed: reply.isPostponed }
}

/** Adds a ticket for a turn that may start after a while. If this process ends before, a reconciler adds it. */
function offerLater({
  tickets,
  shard,
  afterMs,
}: Pick<StoreContext, 'tickets'> & { shard: number; afterMs: number }): void {
  if (tickets === undefined || afterMs === 0) return
  setTimeout(() => offerTicket(tickets, shard, { wantsTicket: true }), afterMs + 5).unref()
}
