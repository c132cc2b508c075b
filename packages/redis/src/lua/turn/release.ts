import { ringKeys, ringPatterns } from '../../connection/keys.ts'
import { clockText, number, optionalText, text } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const releaseScript = defineScript(import.meta.url, {
  keys: ['head', 'leases', ...ringKeys, 'tickets'],
  args: {
    clockTime: clockText,
    attempt: text,
    report: optionalText,
    afterMs: number,
  },
  patterns: ringPatterns,
  reply: reply.tuple({ released: reply.bit, wantsTicket: reply.bit }),
})
