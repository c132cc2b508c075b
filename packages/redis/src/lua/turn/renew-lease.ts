import { clockText, number, text } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const renewLeaseScript = defineScript(import.meta.url, {
  keys: ['head', 'leases'],
  args: {
    clockTime: clockText,
    attempt: text,
    lockMs: number,
  },
  reply: reply.tuple({ alive: reply.bit, cancelRequested: reply.bit }),
})
