import { queueKeys } from '../../connection/keys.ts'
import { blobRows, clockText, digits, number, text } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const recordReviewScript = defineScript(import.meta.url, {
  keys: ['head', 'log', 'outbox', 'deadlines', 'wake', ...queueKeys],
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
  reply: reply.oneOf('recorded', 'stale', 'ended'),
})
