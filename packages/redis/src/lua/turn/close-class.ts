import { ringKeys, ringPatterns } from '../../connection/keys.ts'
import { clockText, number, text } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const closeClassScript = defineScript(import.meta.url, {
  keys: ['head', 'leases', ...ringKeys, 'tickets'],
  args: {
    clockTime: clockText,
    attempt: text,
    /** The short form of the class. */
    class: text,
    untilTime: number,
    wait: text,
  },
  patterns: ringPatterns,
  reply: reply.tuple({ released: reply.bit, wantsTicket: reply.bit }),
})
