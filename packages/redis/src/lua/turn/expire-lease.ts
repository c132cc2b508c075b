import { ringKeys, ringPatterns } from '../../connection/keys.ts'
import { clockText, text } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const expireLeaseScript = defineScript(import.meta.url, {
  keys: ['head', 'leases', ...ringKeys, 'tickets'],
  args: {
    clockTime: clockText,
    /** The turn to which the lease belongs. */
    job: text,
  },
  patterns: ringPatterns,
  reply: reply.tuple({ isTaken: reply.bit, wantsTicket: reply.bit }),
})
