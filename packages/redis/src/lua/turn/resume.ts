import { ringKeys, ringPatterns } from '../../connection/keys.ts'
import { clockText, text } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const resumeScript = defineScript(import.meta.url, {
  keys: ['head', 'deadlines', ...ringKeys, 'tickets'],
  args: {
    clockTime: clockText,
    /** The member of `deadlines`, `<response id>:wake`. */
    deadline: text,
  },
  patterns: ringPatterns,
  reply: reply.tuple({ isQueued: reply.bit, wantsTicket: reply.bit }),
})
