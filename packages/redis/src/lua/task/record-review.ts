import { ringKeys, ringPatterns } from '../../connection/keys.ts'
import { blobRows, clockText, digits, number, text } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const recordReviewScript = defineScript(import.meta.url, {
  keys: ['head', 'log', 'deadlines', 'wake', ...ringKeys, 'tickets'],
  args: {
    clockTime: clockText,
    taskId: text,
    turn: digits,
    /** The number of facts that the caller has folded. */
    folded: number,
    /** `review.decided` as JSON. */
    fact: text,
  },
  tails: {
    blobs: blobRows,
  },
  patterns: ringPatterns,
  reply: reply.tuple({
    outcome: reply.oneOf('recorded', 'stale', 'ended'),
    wantsTicket: reply.bit,
  }),
})
