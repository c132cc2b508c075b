import { claimKeys, claimSets, finishPatterns, nextPatterns } from '../../connection/keys.ts'
import {
  blobRows,
  clockText,
  flag,
  number,
  optionalDigits,
  optionalText,
  text,
  textList,
} from '../arguments.ts'
import { claimArgs, togetherInClaims } from '../claim-args.ts'
import { nextReplies } from '../claim-reply.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const recordDecisionScript = defineScript(import.meta.url, {
  keys: claimKeys,
  args: {
    clockTime: clockText,
    taskId: text,
    /** The attempt that ends or parks its turn. */
    endingAttempt: text,
    ordinal: number,
    /** The number of facts that the worker has folded. */
    folded: number,
    /** The end's status, or 'parked'. */
    decision: text,
    /** The end's result as JSON. */
    result: optionalText,
    /** What the turn has used, as JSON. */
    usage: optionalText,
    parkedUntil: optionalDigits,
    /** Whether the facts close the parts that are being streamed. */
    closesParts: flag,
    /** The rate that a parked turn waits for, as JSON. */
    parkedFor: optionalText,
    /** The last fact that the attempt has seen, from `lastSeenText`. */
    lastSeen: text,
    /** The number of these bytes that a process does not hold when it folds the log. */
    notFoldedBytes: number,
    /** The slot that the next turn is to use; '' when none is wanted. The other arguments belong to its claim. */
    slot: text,
    ...claimArgs,
  },
  tails: {
    /** The facts, from `packFact`. */
    facts: textList,
    blobs: blobRows,
  },
  patterns: [...nextPatterns, ...finishPatterns],
  sets: [...claimSets, 'tickets', 'purges'],
  together: togetherInClaims,
  isOften: true,
  reply: reply.cases('outcome', {
    ok: {
      length: reply.number,
      pos: reply.number,
      at: reply.number,
      cancelRequested: reply.bit,
      bytes: reply.number,
      held: reply.number,
      hasLinks: reply.bit,
      wantsTicket: reply.bit,
      next: reply.unlessEmpty(
        reply.cases('outcome', { ...nextReplies, failed: { message: reply.text } }),
      ),
    },
    stale: { cancelRequested: reply.bit },
    fenced: {},
  }),
})
