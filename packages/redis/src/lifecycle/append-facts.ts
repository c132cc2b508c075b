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
import { type Blobs } from '../log/blobs.ts'
import { packFact } from '../log/pack-fact.ts'
import { lastSeenText } from '../log/last-seen.ts'
import { appendScript } from '../lua/turn/append.ts'
import type { StoreContext } from './store-context.ts'

/** Records facts of an attempt. */
export async function appendFacts(
  { transfers, clockTime }: StoreContext,
  { taskId, attempt, ordinal, facts, seen }: Append,
): Promise<AppendReply> {
  const keys = taskKeys(taskId)
  const blobs: Blobs = new Map()
  const call = appendScript.call(keys, {
    clockTime: clockTime(),
    taskId,
    attempt,
    ordinal,
    closes: closedBy(facts),
    facts: facts.map((fact) => packFact(fact, blobs)),
    lastSeen: lastSeenText(seen),
    notFoldedBytes: facts.reduce((sum, fact) => sum + notFoldedBytes(fact), 0),
    blobs: blobRowsOf(blobs, keys),
  })
  return await transfers.send({ taskId }, call)
}

/** No append both closes parts and requests reviews. */
function closedBy(facts: NewFact[]): 'parts' | 'reviews' | '' {
  if (facts.some(closesParts)) return 'parts'
  return facts.some(requestsReview) ? 'reviews' : ''
}
