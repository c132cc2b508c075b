import {
  type Append,
  type AppendReply,
  requestsReview,
  closesParts,
  type NewFact,
  notFoldedBytes,
} from '@longhaul/core'
import { taskKeys } from '../connection/keys.ts'
import { blobRowsOf } from '../log/blob-rows.ts'
import { type Blobs, pack } from '../log/blobs.ts'
import { lastSeenText } from '../log/last-seen.ts'
import { appendScript } from '../lua/turn/append.ts'
import type { StoreContext } from './store-context.ts'

/** Records facts of an attempt, or the decision that ends or parks its turn. */
export async function appendFacts(
  { transfers, links, clockTime }: StoreContext,
  { taskId, attempt, ordinal, facts, seen, end, park }: Append,
): Promise<AppendReply> {
  const keys = taskKeys(taskId)
  const blobs: Blobs = new Map()
  const call = appendScript.call(keys, {
    clockTime: clockTime(),
    taskId,
    attempt,
    ordinal,
    closes: closedBy(facts),
    facts: facts.map((fact) => pack(fact, blobs)),
    folded: end?.folded ?? park?.folded,
    decision: end?.status ?? (park && 'parked'),
    result: end && pack(end.result, blobs),
    parkedUntil: park?.until,
    lastSeen: lastSeenText(seen),
    notFoldedBytes: facts.reduce((sum, fact) => sum + notFoldedBytes(fact), 0),
    blobs: blobRowsOf(blobs, keys),
  })
  const reply = await transfers.send({ taskId }, call)
  if (reply.outcome !== 'ok') return reply
  const { hasLinks, ...ok } = reply
  if (hasLinks) await links.settle(taskId)
  return ok
}

/** No append both closes parts and requests reviews. */
function closedBy(facts: NewFact[]): 'parts' | 'reviews' | '' {
  if (facts.some(closesParts)) return 'parts'
  return facts.some(requestsReview) ? 'reviews' : ''
}
