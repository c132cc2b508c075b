import {
  type Append,
  type AppendReply,
  closesParts,
  notFoldedBytes,
  shardOf,
  type TurnUsage,
} from '@longhaul/core'
import { taskKeys } from '../connection/keys.ts'
import { blobRowsOf } from '../log/blob-rows.ts'
import { type Blobs, pack } from '../log/blobs.ts'
import { packFact } from '../log/pack-fact.ts'
import { lastSeenText } from '../log/last-seen.ts'
import { recordDecisionScript } from '../lua/turn/record-decision.ts'
import { offerTicket } from '../queue/tickets.ts'
import { claimedFrom, claimValues, noClaim } from './claim-turn.ts'
import type { StoreContext } from './store-context.ts'

type Decision = Omit<Append, 'end' | 'park'> & {
  end: Append['end'] | undefined
  park: Append['park'] | undefined
}

/** The usage of a turn whose log could not be read. */
const unknownUsage: TurnUsage = { models: [] }

/** Records the decision that ends or parks a turn, and claims the next turn for the slot in the same script. */
export async function recordDecision(
  context: StoreContext,
  { taskId, attempt, ordinal, facts, seen, end, park, next }: Decision,
): Promise<AppendReply> {
  const { transfers, links, clockTime, tickets } = context
  const keys = taskKeys(taskId)
  const blobs: Blobs = new Map()
  const call = recordDecisionScript.call(keys, {
    clockTime: clockTime(),
    taskId,
    endingAttempt: attempt,
    ordinal,
    folded: (end ?? park)?.folded ?? 0,
    decision: end?.status ?? 'parked',
    facts: facts.map((fact) => packFact(fact, blobs)),
    result: end && pack(end.result, blobs),
    usage: end && JSON.stringify(end.usage ?? unknownUsage),
    parkedUntil: park?.until,
    closesParts: facts.some(closesParts),
    parkedFor: park?.wait && JSON.stringify(park.wait),
    lastSeen: lastSeenText(seen),
    notFoldedBytes: facts.reduce((sum, fact) => sum + notFoldedBytes(fact), 0),
    slot: next?.slot ?? '',
    ...(next === undefined ? noClaim : claimValues(context, next, keys)),
    blobs: blobRowsOf(blobs, keys),
  })
  const reply = await transfers.send({ taskId }, call)
  if (reply.outcome !== 'ok') return reply
  const { hasLinks, wantsTicket, next: claimed, ...ok } = reply
  offerTicket(tickets, shardOf(taskId), { wantsTicket })
  // The next turn does not wait for the answer to the parent. If that fails, a reconciler repeats it.
  const settled = hasLinks ? links.settle(taskId) : undefined
  if (claimed?.outcome === 'claimed') settled?.catch(() => {})
  else await settled
  if (claimed === undefined || claimed.outcome === 'failed') return ok
  return { ...ok, next: await claimedFrom(transfers, claimed) }
}
