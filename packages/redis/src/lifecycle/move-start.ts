import { type MovedStart, shardOf, type StartTime, type TurnRef } from '@longhaul/core'
import { taskKeys } from '../connection/keys.ts'
import { runScript } from '../lua/run-script.ts'
import { moveStartScript } from '../lua/turn/move-start.ts'
import { offerLater, offerTicket } from '../queue/tickets.ts'
import type { StoreContext } from './store-context.ts'

/** Moves the start of a turn that waits for it. */
export async function moveStart(
  { redis, clockTime, tickets }: StoreContext,
  { taskId, turn }: TurnRef,
  { startAt, startInMs }: StartTime,
): Promise<MovedStart> {
  const values = { clockTime: clockTime(), turn, startAt, startInMs }
  const reply = await runScript(redis, moveStartScript.call(taskKeys(taskId), values))
  if (reply.outcome === 'moved') {
    offerTicket(tickets, shardOf(taskId), { ...reply, turn: { taskId, turn } })
    offerLater(tickets, shardOf(taskId), reply.startsInMs)
  }
  return reply.outcome
}
