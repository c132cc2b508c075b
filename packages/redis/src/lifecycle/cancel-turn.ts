import { shardOf, type Tickets } from '@longhaul/core'
import { taskKeys } from '../connection/keys.ts'
import type { Transfers } from '../connection/transfers.ts'
import { blobRowsOf } from '../log/blob-rows.ts'
import { cancelScript } from '../lua/turn/cancel.ts'
import { offerTicket } from '../queue/tickets.ts'
import { type OutsideEnd, readOutsideEnd } from './outside-end.ts'

const turnCancelled = { code: 'cancelled', message: 'the turn was cancelled' } as const

type Options = {
  reason: string
  graceMs: number
  clockTime: number | ''
  tickets: Tickets | undefined
  /** Called when a turn has ended that has waited for the rate of its model. */
  waited?: (turn: { workspace: string; wait: string }) => void
}

/** Cancels a turn: the named one, or the live one. The worker of a running turn has `graceMs` to stop. */
export async function cancelTurn(
  transfers: Transfers,
  { taskId, turn }: { taskId: string; turn?: number },
  { reason, graceMs, clockTime, tickets, waited }: Options,
): Promise<'ended' | 'stopping' | 'not_found'> {
  const keys = taskKeys(taskId)
  const cancelFact = JSON.stringify({ type: 'cancel.requested', reason })
  const cancel = async (end?: OutsideEnd) => {
    const call = cancelScript.call(keys, {
      clockTime,
      taskId,
      graceMs,
      cancelFact,
      turn,
      folded: end?.folded,
      endFact: end?.fact,
      result: end?.result,
      usage: end?.usage,
      blobs: end === undefined ? [] : blobRowsOf(end.blobs, keys),
    })
    const reply = await transfers.send({ taskId }, call)
    offerTicket(tickets, shardOf(taskId), reply)
    const { wait, workspace } = reply
    if (wait !== undefined && workspace !== undefined) waited?.({ workspace, wait })
    return reply.outcome
  }

  let outcome = await cancel()
  // The log changes only when the worker records something, so this repeats only a few times.
  while (outcome === 'stale')
    outcome = await cancel(await readOutsideEnd(transfers, taskId, turnCancelled))
  return outcome
}
