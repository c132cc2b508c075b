import { clockText, digits, number, text } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const expireLeaseScript = defineScript(import.meta.url, {
  keys: ['head', 'outbox', 'leases'],
  args: {
    clockTime: clockText,
    /** The job to which the lease belongs. */
    job: text,
    nextJob: text,
    nextSegment: digits,
    /** The time after which the next job is checked. */
    lookAfterMs: number,
  },
  reply: reply.bit,
})
