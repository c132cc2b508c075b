import { clockText, digits, number, text } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const expireLeaseScript = defineScript(import.meta.url, {
  keys: ['head', 'outbox', 'leases'],
  args: {
    clockTime: clockText,
    /** The job whose lease it is. */
    job: text,
    nextJob: text,
    nextSegment: digits,
    /** Until the next job is looked for. */
    lookAfterMs: number,
  },
  reply: reply.bit,
})
